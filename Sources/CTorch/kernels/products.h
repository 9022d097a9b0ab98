// Vectors of the processor at hand, and products of matrices whose sums its registers hold.
//
// Included by winograd_passes.h alone: compiled anew for each processor, which says how long a vector
// is and how many rows of sums fit (`vector_bytes`, `most_rows`). Written for vectors of the compiler,
// so that double precision is the same source. Names: S is the type in which pictures and kernels are
// stored, T the one in which they are computed, Arithmetic<S>.
#pragma once

template <typename T>
using Vector __attribute__((vector_size(vector_bytes))) = T;

// Two bfloat16 that are multiplied together: the first in the lower half.
using Pair = uint32_t;

// Whether pictures of S are multiplied as pairs.
template <typename S>
constexpr bool multiplies_pairs = has_bfloat16 && std::is_same_v<S, c10::BFloat16>;

// What products of T are added up in.
template <typename T>
using Summed = std::conditional_t<std::is_same_v<T, Pair>, float, T>;

// The upper halves of as many floats.
using Halves __attribute__((vector_size(vector_bytes / 2))) = uint16_t;

template <typename T>
constexpr int64_t lanes = vector_bytes / sizeof(T);

// Columns of a product that are computed together.
template <typename T>
constexpr int64_t panel = 2 * lanes<T>;

template <typename T>
CT_INLINED Vector<T> load(const T *source) {
  Vector<T> value;
  std::memcpy(&value, source, sizeof value);
  return value;
}

CT_INLINED Vector<float> load(const c10::BFloat16 *source) {
  Halves halves;
  std::memcpy(&halves, source, sizeof halves);
  return reinterpret_cast<Vector<float>>(__builtin_convertvector(halves, Vector<uint32_t>) << 16);
}

template <typename T>
CT_INLINED void put(T *target, std::type_identity_t<Vector<T>> value) {
  std::memcpy(target, &value, sizeof value);
}

// As `store` does, lane by lane.
CT_INLINED void put(c10::BFloat16 *target, Vector<float> value) {
  if constexpr (has_bfloat16) {
    Halves halves;
    asm("vcvtneps2bf16 %1, %0" : "=v"(halves) : "v"(value));
    std::memcpy(target, &halves, sizeof halves);
    return;
  }
  const auto bits = reinterpret_cast<Vector<uint32_t>>(value);
  const auto rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  const auto unordered = (bits & 0x7fffffff) > 0x7f800000;
  const Halves halves =
      __builtin_convertvector(unordered ? Vector<uint32_t>{} + 0x7fc0 : rounded, Halves);
  std::memcpy(target, &halves, sizeof halves);
}

// Memory of no particular content that starts at a cache line.
template <typename T>
class Scratch {
 public:
  explicit Scratch(int64_t size) : memory_(c10::GetCPUAllocator()->allocate(size * sizeof(T))) {}
  T *start() { return static_cast<T *>(memory_.get()); }

 private:
  c10::DataPtr memory_;
};

// sums += factor * values, with one number, or one pair, loaded into all lanes. The instructions are
// written down: left to itself, the compiler loads the factors of all rows first, and spills the sums.
template <typename T, int Width>
CT_INLINED void multiply_add(const T &factor, const Vector<T> (&values)[Width],
                             Vector<Summed<T>> (&sums)[Width]) {
  Vector<T> broadcast;
  if constexpr (std::is_same_v<T, Pair>) {
    asm volatile("vpbroadcastd %1, %0" : "=v"(broadcast) : "m"(factor));
    for (int w = 0; w < Width; ++w) {
      asm volatile("vdpbf16ps %2, %1, %0" : "+v"(sums[w]) : "v"(broadcast), "v"(values[w]));
    }
  } else if constexpr (std::is_same_v<T, float>) {
    asm volatile("vbroadcastss %1, %0" : "=v"(broadcast) : "m"(factor));
    for (int w = 0; w < Width; ++w) {
      asm volatile("vfmadd231ps %2, %1, %0" : "+v"(sums[w]) : "v"(broadcast), "v"(values[w]));
    }
  } else {
    asm volatile("vbroadcastsd %1, %0" : "=v"(broadcast) : "m"(factor));
    for (int w = 0; w < Width; ++w) {
      asm volatile("vfmadd231pd %2, %1, %0" : "+v"(sums[w]) : "v"(broadcast), "v"(values[w]));
    }
  }
}

// What a product fetches while it is computed, a row with each step: the factors b of the part that
// follows, into the second cache, or the sums of the rows that follow, into the first.
enum class Ahead { factors, sums };

// out [rows, columns] (+)= sum over depth of a[row, depth] * b[depth, columns]. A sum is made from zero
// before it is added: sums of sums round less than long ones.
template <typename T>
struct Product {
  const T *a;
  int64_t row_stride, depth_stride;
  const T *b;
  int64_t b_stride, depth;
  Summed<T> *out;
  int64_t out_stride;
};

// Of `Rows` rows and `Width` vectors of columns.
template <typename T, int Rows, int Width, bool Adds, Ahead Next>
CT_INLINED void multiply_tile(const Product<T> &product) {
  const int64_t row_stride = product.row_stride, depth_stride = product.depth_stride;
  const int64_t b_stride = product.b_stride, depth = product.depth;
  const int64_t out_stride = product.out_stride;
  const T *b = product.b;
  Summed<T> *out = product.out;
  Vector<Summed<T>> sums[Rows][Width] = {};
  // One pointer for three rows: a row's address is then one operand of its instruction.
  const T *rows[(Rows + 2) / 3];
#pragma unroll
  for (int r = 0; r < Rows; r += 3) rows[r / 3] = product.a + r * row_stride;
  static_assert(sizeof(T) == sizeof(Summed<T>));
  const T *next = Next == Ahead::factors ? b + depth * b_stride
                                         : reinterpret_cast<const T *>(out + Rows * out_stride);
  const int64_t next_stride = Next == Ahead::factors ? b_stride : out_stride;
  for (int64_t d = 0; d < depth; ++d) {
    Vector<T> values[Width];
#pragma unroll
    for (int w = 0; w < Width; ++w) values[w] = load(b + w * lanes<T>);
#pragma unroll
    for (int line = 0; line < Width * vector_bytes; line += 64) {
      __builtin_prefetch(next + line / sizeof(T), 0, Next == Ahead::factors ? 2 : 3);
    }
    next += next_stride;
#pragma unroll
    for (int r = 0; r < Rows; ++r) {
      multiply_add<T, Width>(rows[r / 3][r % 3 * row_stride], values, sums[r]);
    }
#pragma unroll
    for (int r = 0; r < Rows; r += 3) rows[r / 3] += depth_stride;
    b += b_stride;
  }
#pragma unroll
  for (int r = 0; r < Rows; ++r) {
#pragma unroll
    for (int w = 0; w < Width; ++w) {
      Summed<T> *target = out + r * out_stride + w * lanes<T>;
      put(target, Adds ? load(target) + sums[r][w] : sums[r][w]);
    }
  }
}

// Of so few rows that the registers hold all sums.
template <typename T, int Width, bool Adds, Ahead Next, int Rows = most_rows>
void multiply_strip(int64_t rows, const Product<T> &product) {
  if (rows == Rows) return multiply_tile<T, Rows, Width, Adds, Next>(product);
  if constexpr (Rows > 1) multiply_strip<T, Width, Adds, Next, Rows - 1>(rows, product);
}

// Of any number of rows, in strips of nearly equal height, and one or two vectors of columns.
template <typename T, bool Adds, Ahead Next>
void multiply_panel(int64_t rows, int64_t width, const Product<T> &product) {
  const int64_t strips = (rows + most_rows - 1) / most_rows;
  for (int64_t strip = 0; strip < strips; ++strip) {
    const int64_t row = rows * strip / strips, height = rows * (strip + 1) / strips - row;
    Product<T> part = product;
    part.a += row * product.row_stride;
    part.out += row * product.out_stride;
    if (width == panel<T>) {
      multiply_strip<T, 2, Adds, Next>(height, part);
    } else {
      multiply_strip<T, 1, Adds, Next>(height, part);
    }
  }
}

// The same, a part of the depth after the other.
template <typename T>
void multiply_deep(int64_t rows, int64_t width, int64_t part_of_depth, const Product<T> &product) {
  for (int64_t first = 0; first < product.depth; first += part_of_depth) {
    Product<T> part = product;
    part.depth = std::min(part_of_depth, product.depth - first);
    part.a += first * product.depth_stride;
    part.b += first * product.b_stride;
    if (first == 0) {
      multiply_panel<T, false, Ahead::factors>(rows, width, part);
    } else {
      multiply_panel<T, true, Ahead::factors>(rows, width, part);
    }
  }
}
