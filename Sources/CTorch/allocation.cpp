// Keeps memory that tensors have left, for the next ones.
//
// An iteration allocates and frees the same sizes again. glibc gives back what is free at the end of its
// heap, and asks the kernel for each block above a threshold, so that each time the kernel clears pages
// and maps them anew; in a virtual machine that may take longer than computing what they hold.
//
// Large blocks are kept here, apart from the heap, where they would leave holes. With what is in use,
// what is kept never exceeds the most that was ever in use at once by more than a quarter of that or 64
// MiB: enough that an iteration finds all its blocks again.

#include <c10/core/CPUAllocator.h>

#include <algorithm>
#include <cstdlib>
#include <list>
#include <mutex>
#include <unordered_map>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#if defined(__unix__) || defined(__APPLE__)
#include <sys/mman.h>

namespace {

constexpr size_t smallest_block = 4 << 20;
constexpr size_t page = 2 << 20;  // sizes are multiples of it
constexpr size_t slack = 8;       // a block may be larger than what is asked for by an 8th
constexpr size_t least_kept = 64 << 20;  // beyond the most ever used, where a quarter is less

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
    void *base;
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
    if (best == idle_.end()) {
      const size_t most = most_used_bytes_ + std::max(most_used_bytes_ / 4, least_kept);
      while (!idle_.empty() && used_bytes_ + idle_bytes_ + size > most) {
        give_back(idle_.front());
        idle_.pop_front();
      }
      const Block fresh{map(size), size};
      idle_bytes_ += size;
      best = idle_.insert(idle_.end(), fresh);
    }
    const Block block = *best;
    used_.emplace(block.base, block.size);
    idle_.erase(best);
    idle_bytes_ -= block.size;
    used_bytes_ += block.size;
    most_used_bytes_ = std::max(most_used_bytes_, used_bytes_);
    return block.base;
  }

  static void release(void *base) {
    // The heap's blocks lie behind a header and so hardly ever begin a page.
    if (reinterpret_cast<uintptr_t>(base) % 4096 != 0 || !shared().keep(base)) {
      c10::GetDefaultCPUAllocator()->raw_deallocate(base);
    }
  }

  bool keep(void *base) {
    std::lock_guard lock(mutex_);
    const auto block = used_.find(base);
    if (block == used_.end()) return false;
    used_bytes_ -= block->second;
    idle_bytes_ += block->second;
    idle_.push_back({base, block->second});
    used_.erase(block);
    return true;
  }

  void give_back(const Block &block) {
    munmap(block.base, block.size);
    idle_bytes_ -= block.size;
  }

  static void *map(size_t size) {
    void *base = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
    // Each is cleared once, not at every use: rows of a picture lie on pages of their own otherwise.
    madvise(base, size, MADV_HUGEPAGE);
#endif
    return base;
  }

  std::mutex mutex_;
  std::list<Block> idle_;  // those that have been idle longest first
  std::unordered_map<void *, size_t> used_;
  size_t used_bytes_ = 0, idle_bytes_ = 0, most_used_bytes_ = 0;
};

// At load, before the first tensor.
[[maybe_unused]] const bool keeps_blocks = [] {
  c10::SetCPUAllocator(&LargeBlocks::shared());
  return true;
}();

}  // namespace
#endif

#if defined(__GLIBC__)

namespace {

// What the user has set in the environment stays.
[[maybe_unused]] const bool keeps_heap = [] {
  if (std::getenv("MALLOC_MMAP_THRESHOLD_") || std::getenv("MALLOC_TRIM_THRESHOLD_") ||
      std::getenv("GLIBC_TUNABLES")) {
    return false;
  }
  return mallopt(M_MMAP_THRESHOLD, 32 << 20) && mallopt(M_TRIM_THRESHOLD, 512 << 20);
}();

}  // namespace
#endif
