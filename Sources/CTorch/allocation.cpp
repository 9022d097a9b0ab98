// Keeps memory that tensors have left, for the next ones.
//
// An iteration allocates and frees the same sizes again. glibc gives back what is free at the end of its
// heap, and asks the kernel for each block above a threshold, so that each time the kernel clears pages
// and maps them anew; in a virtual machine that may take longer than computing what they hold.
//
// Large blocks are kept here, apart from the heap, where they would leave holes. Phases of an iteration want
// different sizes: where no idle block fits, one is put together from the pages of several, which the
// kernel moves to other addresses without touching what they hold. So what is kept and what is in use are
// together never more than 64 MiB beyond the most that was ever in use at once.

#include "CTorch/process.h"

#include <c10/core/CPUAllocator.h>

#include <algorithm>
#include <cstdlib>
#include <list>
#include <mutex>
#include <new>
#include <unordered_map>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#if defined(__linux__)
#include <sys/mman.h>

namespace {

constexpr size_t smallest_block = 4 << 20;
constexpr size_t page = 2 << 20;  // a large one; blocks begin and end with it
constexpr size_t slack = 8;       // a block may be larger than what is asked for by an 8th
constexpr size_t spare = 64 << 20;  // small networks then find whole blocks

class LargeBlocks final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t size) override {
    void *base = size < smallest_block || size > SIZE_MAX - page
                     ? c10::GetDefaultCPUAllocator()->raw_allocate(size)
                     : take((size + page - 1) / page * page);
    return {base, base, &release, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &release; }

  void copy_data(void *target, const void *source, size_t count) const override {
    default_copy_data(target, source, count);
  }

  // Lives as long as the process: tensors may be freed at its very end.
  static LargeBlocks &shared() {
    static auto *blocks = new LargeBlocks;
    return *blocks;
  }

 private:
  struct Block {
    char *base;
    size_t size;
  };

  void *take(size_t size) {
    std::lock_guard lock(mutex_);
    auto best = idle_.end();
    for (auto block = idle_.begin(); block != idle_.end(); ++block) {
      if (block->size >= size && block->size <= size + size / slack &&
          (best == idle_.end() || block->size <= best->size)) {
        best = block;
      }
    }
    Block block;
    if (best == idle_.end()) {
      block = {put_together(size), size};
    } else {
      block = *best;
      idle_.erase(best);
      idle_bytes_ -= block.size;
    }
    used_.emplace(block.base, block.size);
    used_bytes_ += block.size;
    most_used_bytes_ = std::max(most_used_bytes_, used_bytes_);
    return block.base;
  }

  // Of fresh pages where more may be kept, and of idle ones.
  char *put_together(size_t size) {
    char *base = reserve(size);
    if (base == nullptr) {
      give_back();
      base = reserve(size);
    }
    if (base == nullptr) throw std::bad_alloc();
    const size_t most = std::max(most_used_bytes_ + spare, used_bytes_ + size);
    size_t done = 0;
    while (done < size && used_bytes_ + idle_bytes_ + size > most) {
      Block &block = idle_.front();
      if (mremap(block.base, page, page, MREMAP_MAYMOVE | MREMAP_FIXED, base + done) ==
          MAP_FAILED) {
        // The kernel counts the pieces that a process consists of: all that are idle make room.
        give_back();
        break;
      }
      done += page;
      idle_bytes_ -= page;
      block.base += page;
      block.size -= page;
      if (block.size == 0) idle_.pop_front();
    }
    if (done < size) map(base + done, size - done);
    return base;
  }

  void give_back() {
    for (const Block &block : idle_) munmap(block.base, block.size);
    idle_.clear();
    idle_bytes_ = 0;
  }

  // Addresses that begin with a large page, and hold nothing yet; none where there are no more.
  static char *reserve(size_t size) {
    void *const found = mmap(nullptr, size + page, PROT_NONE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (found == MAP_FAILED) return nullptr;
    char *const start = static_cast<char *>(found);
    const size_t before = (page - reinterpret_cast<uintptr_t>(start) % page) % page;
    if (before > 0) munmap(start, before);
    if (before < page) munmap(start + before + size, page - before);
    return start + before;
  }

  static void map(char *base, size_t size) {
    if (mmap(base, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
        MAP_FAILED) {
      throw std::bad_alloc();
    }
    // Each is cleared once, not at every use: rows of a picture lie on pages of their own otherwise.
    madvise(base, size, MADV_HUGEPAGE);
  }

  static void release(void *base) {
    // The heap's blocks lie behind a header and so hardly ever begin a page.
    if (reinterpret_cast<uintptr_t>(base) % 4096 != 0 || !shared().keep(base)) {
      c10::GetDefaultCPUAllocator()->raw_deallocate(base);
    }
  }

  bool keep(void *base) {
    std::lock_guard lock(mutex_);
    const auto block = used_.find(static_cast<char *>(base));
    if (block == used_.end()) return false;
    idle_.push_back({block->first, block->second});
    idle_bytes_ += block->second;
    used_bytes_ -= block->second;
    used_.erase(block);
    return true;
  }

  std::mutex mutex_;
  std::list<Block> idle_;  // those that have been idle longest first
  std::unordered_map<char *, size_t> used_;
  size_t used_bytes_ = 0, idle_bytes_ = 0, most_used_bytes_ = 0;
};

}  // namespace
#endif

namespace {

void keep_heap() {
#if defined(__GLIBC__)
  // What the user has set in the environment stays.
  if (std::getenv("MALLOC_MMAP_THRESHOLD_") || std::getenv("MALLOC_TRIM_THRESHOLD_") ||
      std::getenv("GLIBC_TUNABLES")) {
    return;
  }
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
#endif
}

}  // namespace

void ct_keep_freed_memory() {
#if defined(__linux__)
  c10::SetCPUAllocator(&LargeBlocks::shared());
#endif
  keep_heap();
}
