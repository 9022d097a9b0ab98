#include "tiled_convolution.h"

#include "../elements.h"
#include "passes/processors.h"

namespace ck {

#ifdef CK_HAS_TILES

namespace {

at::Tensor dense_pictures(const at::Tensor &x) {
  return x.contiguous(at::MemoryFormat::ChannelsLast);
}

at::Tensor empty_pictures(at::IntArrayRef shape, const at::Tensor &like) {
  return at::empty(shape, like.options().memory_format(at::MemoryFormat::ChannelsLast));
}

// The channels that the algorithms take are a multiple of this.
constexpr int64_t channel_step = 16;

// With channels of zeros up to such a number: the last convolution of a discriminator has one channel
// more than a power of two, for the minibatch statistics.
at::Tensor with_whole_steps(const at::Tensor &x) {
  const int64_t missing = (channel_step - x.size(1) % channel_step) % channel_step;
  if (missing == 0) return x;
  std::vector<int64_t> shape = x.sizes().vec();
  shape[1] = missing;
  return at::cat({x, at::zeros(shape, x.options())}, 1);
}

// To 1x1 kernels all pictures are one row of pixels.
Pictures pictures(const at::Tensor &x, ConvolutionKind kind) {
  if (kind == ConvolutionKind::pointwise) {
    return {1, 1, x.size(0) * x.size(2) * x.size(3), x.size(1)};
  }
  return {x.size(0), x.size(2), x.size(3), x.size(1)};
}

ConvolutionKind kind_of(const at::Tensor &w, int64_t stride, bool transposed) {
  if (w.size(2) == 1) return ConvolutionKind::pointwise;
  if (stride == 1) return ConvolutionKind::stride_1;
  return transposed ? ConvolutionKind::transposed : ConvolutionKind::stride_2;
}

ConvolutionKind reversed(ConvolutionKind kind) {
  switch (kind) {
    case ConvolutionKind::stride_2: return ConvolutionKind::transposed;
    case ConvolutionKind::transposed: return ConvolutionKind::stride_2;
    default: return kind;
  }
}

// With the taps of a kernel one after the other; inputs and outputs may have changed places.
at::Tensor with_dense_taps(const at::Tensor &w) {
  const int64_t taps = w.size(2) * w.size(3);
  return taps == 1 || (w.stride(3) == 1 && w.stride(2) == w.size(3)) ? w : w.contiguous();
}

// The passes for elements of a type, as the processor at hand runs them.
template <typename S>
auto convolution_pass() {
  if constexpr (std::is_same_v<S, c10::BFloat16>) {
    if (multiplies_pairs()) return ck::convolve<AVX512BFloat16, S>;
  }
  return route_vectors() == Vectors::avx512 ? ck::convolve<AVX512, S> : ck::convolve<AVX2, S>;
}

template <typename S>
auto filter_gradient_pass() {
  if constexpr (std::is_same_v<S, c10::BFloat16>) {
    if (multiplies_pairs()) return differentiate_filter<AVX512BFloat16, S>;
  }
  return route_vectors() == Vectors::avx512 ? differentiate_filter<AVX512, S> : differentiate_filter<AVX2, S>;
}

// Sums over the first index of w, or over its second.
void convolve(ConvolutionKind kind, const at::Tensor &x, const at::Tensor &w, bool over_first,
              at::Tensor &y) {
  const at::Tensor source = dense_pictures(x), kernels = with_dense_taps(w);
  const int64_t depth = over_first ? 0 : 1;
  const FilterOperand operand{kernels.stride(depth), kernels.stride(1 - depth),
                        over_first && kind == ConvolutionKind::stride_1};
  CT_DISPATCH(x.scalar_type(), "tiled_convolution", [&] {
    const auto run = convolution_pass<scalar_t>();
    run(kind, source.const_data_ptr<scalar_t>(), pictures(x, kind),
        kernels.const_data_ptr<scalar_t>(), operand, y.mutable_data_ptr<scalar_t>(),
        pictures(y, kind));
  });
}

}  // namespace

bool has_tiled_passes(const at::Tensor &x, const at::Tensor &w, int64_t stride, int64_t padding,
                      bool transposed) {
  if (!convolves_by_tiles() || !has_kernel_type(x) || !w.is_cpu() ||
      x.scalar_type() != w.scalar_type() || x.dim() != 4 || w.dim() != 4 || x.numel() == 0 ||
      w.size(0) % channel_step != 0 || w.size(transposed ? 0 : 1) != x.size(1)) {
    return false;
  }
  // Where zeros make up the channels, they are at most a fifth of the work.
  if (w.size(1) % channel_step != 0 && (transposed || w.size(1) < 4 * channel_step)) return false;
  if (w.size(2) == 1 && w.size(3) == 1) return stride == 1 && padding == 0 && !transposed;
  if (w.size(2) != 3 || w.size(3) != 3) return false;
  if (stride == 1) return padding == 1 && !transposed;
  return stride == 2 && padding == 0 && (transposed || (x.size(2) >= 3 && x.size(3) >= 3));
}

ck_kernel tiled_kernel(const at::Tensor &x, const at::Tensor &w, int64_t stride,
                          bool transposed) {
  const ConvolutionKind kind = kind_of(w, stride, transposed);
  if (kind == ConvolutionKind::stride_1) {
    const Pictures results{x.size(0), x.size(2), x.size(3), w.size(0)};
    return is_wide(results) ? ck_kernel_winograd_f43 : ck_kernel_winograd_f23;
  }
  if (x.scalar_type() == at::kBFloat16 && multiplies_pairs()) return ck_kernel_paired_products;
  return kind == ConvolutionKind::pointwise ? ck_kernel_pointwise_products : ck_kernel_strided_tiles;
}

at::Tensor tiled_forward(const at::Tensor &x, const at::Tensor &w, int64_t stride,
                            bool transposed) {
  if (const at::Tensor kernels = with_whole_steps(w); kernels.size(1) != w.size(1)) {
    return tiled_forward(with_whole_steps(x), kernels, stride, transposed);
  }
  const ConvolutionKind kind = kind_of(w, stride, transposed);
  const auto side = [&](int64_t length) {
    switch (kind) {
      case ConvolutionKind::stride_2: return (length - 3) / 2 + 1;
      case ConvolutionKind::transposed: return 2 * length + 1;
      default: return length;
    }
  };
  at::Tensor y = empty_pictures(
      {x.size(0), w.size(transposed ? 1 : 0), side(x.size(2)), side(x.size(3))}, x);
  convolve(kind, x, w, transposed, y);
  return y;
}

at::Tensor tiled_input_gradient(const at::Tensor &dy, const at::Tensor &x, const at::Tensor &w,
                                   int64_t stride, bool transposed) {
  if (const at::Tensor kernels = with_whole_steps(w); kernels.size(1) != w.size(1)) {
    return tiled_input_gradient(dy, with_whole_steps(x), kernels, stride, transposed)
        .narrow(1, 0, x.size(1));
  }
  at::Tensor dx = empty_pictures(x.sizes(), x);
  convolve(reversed(kind_of(w, stride, transposed)), dy, w, !transposed, dx);
  return dx;
}

at::Tensor tiled_filter_gradient(const at::Tensor &dy, const at::Tensor &x, const at::Tensor &w,
                                    int64_t stride, bool transposed) {
  if (const at::Tensor kernels = with_whole_steps(w); kernels.size(1) != w.size(1)) {
    return tiled_filter_gradient(dy, with_whole_steps(x), kernels, stride, transposed)
        .narrow(1, 0, w.size(1));
  }
  const at::Tensor incoming = dense_pictures(dy), source = dense_pictures(x);
  // Where w is a view with inputs and outputs exchanged, dw is one of the same strides: it is added to
  // the gradient of what is viewed, element by element.
  at::Tensor dw = with_dense_taps(at::empty_like(w));
  const int64_t output = transposed ? 1 : 0;
  const FilterGradientLayout layout{dw.stride(output), dw.stride(1 - output)};
  const ConvolutionKind kind = kind_of(w, stride, transposed);
  CT_DISPATCH(x.scalar_type(), "tiled_filter_gradient", [&] {
    const auto run = filter_gradient_pass<scalar_t>();
    run(kind, incoming.const_data_ptr<scalar_t>(), pictures(dy, kind),
        source.const_data_ptr<scalar_t>(), pictures(x, kind), dw.mutable_data_ptr<scalar_t>(),
        layout);
  });
  return dw;
}

#else

namespace {

at::Tensor none() { TORCH_CHECK(false, "no convolutions of our own for this processor"); }

}  // namespace

bool has_tiled_passes(const at::Tensor &, const at::Tensor &, int64_t, int64_t, bool) {
  return false;
}

ck_kernel tiled_kernel(const at::Tensor &, const at::Tensor &, int64_t, bool) {
  none();
  return ck_kernel_pointwise_products;
}

at::Tensor tiled_forward(const at::Tensor &, const at::Tensor &, int64_t, bool) {
  return none();
}

at::Tensor tiled_input_gradient(const at::Tensor &, const at::Tensor &, const at::Tensor &,
                                   int64_t, bool) {
  return none();
}

at::Tensor tiled_filter_gradient(const at::Tensor &, const at::Tensor &, const at::Tensor &,
                                    int64_t, bool) {
  return none();
}

#endif

}  // namespace ck
