// 1x1 convolutions from or to at most four channels: toRGB and fromRGB. For each pixel p
//
//   y_p = W x_p        dx_p = Wᵀ dy_p        dW = sum over p of dy_p x_pᵀ
//
// A matrix product with so few rows or columns takes longer to arrange its operands than to multiply
// them. Here each pass reads or writes the many channels once, and the few wherever they lie.

#include "few_channels.h"

#include "../elements.h"

namespace ck {

namespace {

constexpr int64_t most_few = 4;

// How the elements of the few channels follow one another.
struct Steps {
  int64_t image, pixel, channel;
};

// many_p = Σ_f few_pf w_f
template <int64_t F, typename T, typename A>
CT_INLINED void spread_few(T *__restrict many, const T *__restrict few, const A *__restrict w,
                           int64_t rows, int64_t channels, Steps steps) {
  for (int64_t row = 0; row < rows; ++row) {
    A factors[F];
    for (int64_t f = 0; f < F; ++f) {
      factors[f] = upcast(few[row * steps.pixel + f * steps.channel]);
    }
    for (int64_t c = 0; c < channels; ++c) {
      A sum = 0;
      for (int64_t f = 0; f < F; ++f) sum += factors[f] * w[f * channels + c];
      store(&many[row * channels + c], sum);
    }
  }
}

// few_pf = w_f · many_p, summed in the order that vectors want.
template <int64_t F, typename T, typename A>
CT_INLINED void gather_few(T *__restrict few, const T *__restrict many, const A *__restrict w,
                           int64_t rows, int64_t channels, Steps steps) {
#pragma clang fp reassociate(on)
  for (int64_t row = 0; row < rows; ++row) {
    A sums[F] = {};
    for (int64_t c = 0; c < channels; ++c) {
      const A value = upcast(many[row * channels + c]);
      for (int64_t f = 0; f < F; ++f) sums[f] += w[f * channels + c] * value;
    }
    for (int64_t f = 0; f < F; ++f) store(&few[row * steps.pixel + f * steps.channel], sums[f]);
  }
}

// sums_f += Σ_p few_pf many_p, four pixels at a time.
template <int64_t F, typename T, typename A>
CT_INLINED void correlate_few(A *__restrict sums, const T *__restrict few, const T *__restrict many,
                              int64_t rows, int64_t channels, Steps steps) {
  constexpr int64_t together = 4;
  for (int64_t row = 0; row < rows; row += together) {
    A factors[together][F] = {};
    const T *pixels[together];
    for (int64_t i = 0; i < together; ++i) {
      const bool exists = row + i < rows;
      pixels[i] = many + (exists ? row + i : row) * channels;
      for (int64_t f = 0; f < F && exists; ++f) {
        factors[i][f] = upcast(few[(row + i) * steps.pixel + f * steps.channel]);
      }
    }
    for (int64_t c = 0; c < channels; ++c) {
      const A a = upcast(pixels[0][c]), b = upcast(pixels[1][c]);
      const A d = upcast(pixels[2][c]), e = upcast(pixels[3][c]);
      for (int64_t f = 0; f < F; ++f) {
        sums[f * channels + c] +=
            (factors[0][f] * a + factors[1][f] * b) + (factors[2][f] * d + factors[3][f] * e);
      }
    }
  }
}

#undef CT_FOR_EACH_COUNT

// The same for any count of the few, which is then known to the compiler.
template <typename T, typename A>
CT_INLINED void spread(T *many, const T *few, const A *w, int64_t rows, int64_t channels,
                       int64_t count, Steps steps) {
  switch (count) {
    case 1: return spread_few<1>(many, few, w, rows, channels, steps);
    case 2: return spread_few<2>(many, few, w, rows, channels, steps);
    case 3: return spread_few<3>(many, few, w, rows, channels, steps);
    default: return spread_few<4>(many, few, w, rows, channels, steps);
  }
}

template <typename T, typename A>
CT_INLINED void gather(T *few, const T *many, const A *w, int64_t rows, int64_t channels,
                       int64_t count, Steps steps) {
  switch (count) {
    case 1: return gather_few<1>(few, many, w, rows, channels, steps);
    case 2: return gather_few<2>(few, many, w, rows, channels, steps);
    case 3: return gather_few<3>(few, many, w, rows, channels, steps);
    default: return gather_few<4>(few, many, w, rows, channels, steps);
  }
}

template <typename T, typename A>
CT_INLINED void correlate(A *sums, const T *few, const T *many, int64_t rows, int64_t channels,
                          int64_t count, Steps steps) {
  switch (count) {
    case 1: return correlate_few<1>(sums, few, many, rows, channels, steps);
    case 2: return correlate_few<2>(sums, few, many, rows, channels, steps);
    case 3: return correlate_few<3>(sums, few, many, rows, channels, steps);
    default: return correlate_few<4>(sums, few, many, rows, channels, steps);
  }
}

// The few channels of pictures, as densely as they come.
struct FewChannels {
  at::Tensor values;
  Steps steps;

  explicit FewChannels(const at::Tensor &x)
      : values(x.is_contiguous() ? x : channels_fastest(x)) {
    const int64_t channels = x.size(1), pixels = x.size(2) * x.size(3);
    steps = values.is_contiguous() ? Steps{channels * pixels, 1, pixels}
                                   : Steps{channels * pixels, channels, 1};
  }
};

// W as rows of the many channels, whichever of its indices they have, in the type of the arithmetic.
at::Tensor rows_of_many(const at::Tensor &w) {
  const at::Tensor matrix = w.detach().reshape({w.size(0), w.size(1)});
  return (w.size(0) < w.size(1) ? matrix : matrix.t()).to(arithmetic_type(w)).contiguous();
}

RowBlocks row_blocks(const at::Tensor &x, const at::Tensor &rows) {
  return RowBlocks(x.size(0), x.size(2) * x.size(3), rows.size(1));
}

at::Tensor empty_pictures(const at::Tensor &like, int64_t channels) {
  return at::empty({like.size(0), channels, like.size(2), like.size(3)},
                   like.options().memory_format(at::MemoryFormat::ChannelsLast));
}

at::Tensor from_few(const at::Tensor &x, const at::Tensor &w) {
  count_run(ck_kernel_few_channels);
  const at::Tensor rows = rows_of_many(w);
  const FewChannels few(x);
  at::Tensor many = empty_pictures(x, rows.size(1));
  const RowBlocks blocks = row_blocks(x, rows);
  CT_DISPATCH(x.scalar_type(), "from_few_channels", [&] {
    using A = Arithmetic<scalar_t>;
    auto *target = many.mutable_data_ptr<scalar_t>();
    const auto *source = few.values.const_data_ptr<scalar_t>();
    const auto *factors = rows.const_data_ptr<A>();
    blocks.for_each([&](int64_t, int64_t image, int64_t row, int64_t count) {
      vectorised<spread<scalar_t, A>>(target + (image * blocks.rows + row) * blocks.channels,
                                      source + image * few.steps.image + row * few.steps.pixel,
                                      factors, count, blocks.channels, rows.size(0), few.steps);
    });
  });
  return many;
}

at::Tensor to_few(const at::Tensor &x, const at::Tensor &w) {
  count_run(ck_kernel_few_channels);
  const at::Tensor rows = rows_of_many(w), many = channels_fastest(x);
  at::Tensor result = empty_pictures(x, rows.size(0));
  const Steps steps{rows.size(0) * x.size(2) * x.size(3), rows.size(0), 1};
  const RowBlocks blocks = row_blocks(x, rows);
  CT_DISPATCH(x.scalar_type(), "to_few_channels", [&] {
    using A = Arithmetic<scalar_t>;
    auto *target = result.mutable_data_ptr<scalar_t>();
    const auto *source = many.const_data_ptr<scalar_t>();
    const auto *factors = rows.const_data_ptr<A>();
    blocks.for_each([&](int64_t, int64_t image, int64_t row, int64_t count) {
      vectorised<gather<scalar_t, A>>(target + image * steps.image + row * steps.pixel,
                                      source + (image * blocks.rows + row) * blocks.channels,
                                      factors, count, blocks.channels, rows.size(0), steps);
    });
  });
  return result;
}

}  // namespace

bool has_few_channels(const at::Tensor &x, const at::Tensor &w, int64_t stride, int64_t padding,
                      bool transposed) {
  return has_kernel_type(x) && w.is_cpu() && w.scalar_type() == x.scalar_type() && x.dim() == 4 &&
         w.dim() == 4 && x.numel() > 0 && w.size(2) == 1 && w.size(3) == 1 &&
         w.size(1) == x.size(1) && stride == 1 && padding == 0 && !transposed &&
         std::min(w.size(0), w.size(1)) <= most_few && w.size(0) != w.size(1);
}

at::Tensor few_channels_forward(const at::Tensor &x, const at::Tensor &w) {
  return w.size(0) < w.size(1) ? to_few(x, w) : from_few(x, w);
}

at::Tensor few_channels_input_gradient(const at::Tensor &dy, const at::Tensor &w) {
  return w.size(0) < w.size(1) ? from_few(dy, w) : to_few(dy, w);
}

at::Tensor few_channels_weight_gradient(const at::Tensor &dy, const at::Tensor &x,
                                        const at::Tensor &w) {
  count_run(ck_kernel_few_channels);
  const bool is_to_few = w.size(0) < w.size(1);
  const FewChannels few(is_to_few ? dy : x);
  const at::Tensor many = channels_fastest(is_to_few ? x : dy);
  const int64_t count = few.values.size(1);
  const RowBlocks blocks(many.size(0), many.size(2) * many.size(3), many.size(1));
  at::Tensor dw;
  CT_DISPATCH(x.scalar_type(), "few_channels_weight_gradient", [&] {
    ChannelSums<Arithmetic<scalar_t>> sums(blocks, count);
    const auto *factors = few.values.const_data_ptr<scalar_t>();
    const auto *source = many.const_data_ptr<scalar_t>();
    blocks.for_each([&](int64_t block, int64_t image, int64_t row, int64_t rows) {
      vectorised<correlate<scalar_t, Arithmetic<scalar_t>>>(
          sums.of_block(block), factors + image * few.steps.image + row * few.steps.pixel,
          source + (image * blocks.rows + row) * blocks.channels, rows, blocks.channels, count,
          few.steps);
    });
    // dw is [few, many], or the other way round.
    dw = small_tensor(w.sizes(), w.scalar_type(), [&, total = sums.total()](int64_t i) {
      const int64_t f = is_to_few ? i / blocks.channels : i % count;
      const int64_t c = is_to_few ? i % blocks.channels : i / count;
      double sum = 0;
      for (int64_t image = 0; image < blocks.images; ++image) {
        sum += total[(f * blocks.images + image) * blocks.channels + c];
      }
      return sum;
    });
  });
  return dw;
}

}  // namespace ck
