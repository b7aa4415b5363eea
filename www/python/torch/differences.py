"""What is here and differs from PyTorch, for the page that lists this module."""

differences = (
    "Tensors are float32, float64, int64 or bool; other dtypes are refused by name, with the nearest that is here.",
    "Everything runs on the processor; cuda, mps and accelerators answer that they are not available.",
    "rand, randn, randint, randperm, uniform_, normal_ and first weights are PyTorch's own numbers for a seed; dropout, "
    "bernoulli, multinomial, poisson, exponential_, trunc_normal_ and orthogonal_ draw others.",
    "save writes safetensors, and load reads them; files that PyTorch wrote with pickle are refused.",
    "create_graph works through arithmetic, matrix products, reductions, norms, activations, shapes and "
    "conv2d without groups; a gradient of a gradient through another convolution or a pool is refused by name.",
    "DataLoader works in this thread, whatever num_workers says.",
    "torch.compile gives the module back as it is.",
)
