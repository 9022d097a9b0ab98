// Which algorithm makes a pass.
#pragma once

#include "blocked_convolution.h"
#include "filter_gradient.h"
#include "paired_convolution.h"
#include "paired_filter_gradient.h"

CK_BEGIN_TARGET

namespace ck {

// Whether pictures of S are multiplied as pairs.
template <typename P, typename S>
constexpr bool multiplies_pairs_of = P::multiplies_pairs && std::is_same_v<S, c10::BFloat16>;

template <typename P, typename S>
void convolve(ConvolutionKind kind, const S *x, const Pictures &inputs, const S *w,
              const FilterOperand &operand, S *y, const Pictures &results) {
  if constexpr (multiplies_pairs_of<P, S>) {
    if (kind != ConvolutionKind::stride_1) {
      return convolve_in_pairs<P>(kind, x, inputs, w, operand, y, results);
    }
  }
  switch (kind) {
    case ConvolutionKind::stride_1:
      if (is_wide(results)) return convolve_by<P, F4x3>(x, inputs, w, operand, y, results);
      return convolve_by<P, F2x3>(x, inputs, w, operand, y, results);
    case ConvolutionKind::stride_2:
      return convolve_by<P, Stride2>(x, inputs, w, operand, y, results);
    case ConvolutionKind::transposed:
      return convolve_by<P, Transposed2>(x, inputs, w, operand, y, results);
    case ConvolutionKind::pointwise:
      return convolve_by<P, Pointwise>(x, inputs, w, operand, y, results);
  }
}

template <typename P, typename S>
void differentiate_filter(ConvolutionKind kind, const S *dy, const Pictures &outputs, const S *x,
                          const Pictures &inputs, S *dw, const FilterGradientLayout &layout) {
  // The smaller pictures are the outputs of the convolution whose transpose this is.
  if (kind == ConvolutionKind::transposed) {
    return differentiate_filter<P>(ConvolutionKind::stride_2, x, inputs, dy, outputs, dw,
                                   {layout.input_stride, layout.output_stride});
  }
  if constexpr (multiplies_pairs_of<P, S>) {
    if (kind != ConvolutionKind::stride_1) {
      return differentiate_filter_in_pairs<P>(kind, dy, outputs, x, inputs, dw, layout);
    }
  }
  switch (kind) {
    case ConvolutionKind::stride_1:
      if (is_wide(outputs))
        return differentiate_filter_by<P, F4x3>(dy, outputs, x, inputs, dw, layout);
      return differentiate_filter_by<P, F2x3>(dy, outputs, x, inputs, dw, layout);
    case ConvolutionKind::stride_2:
      return differentiate_filter_by<P, Stride2>(dy, outputs, x, inputs, dw, layout);
    case ConvolutionKind::transposed: return;
    case ConvolutionKind::pointwise:
      return differentiate_filter_by<P, Pointwise>(dy, outputs, x, inputs, dw, layout);
  }
}

}  // namespace ck

CK_END_TARGET
