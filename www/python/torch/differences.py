"""What is here and differs from PyTorch, for the page that lists this module."""

differences = (
    "Tensors are float32, float64, int64 or bool; other dtypes are refused by name, with the nearest that is here.",
    "Everything runs on the processor; cuda, mps and accelerators answer that they are not available.",
    "rand, randn, randint, randperm, uniform_, normal_ and first weights are PyTorch's own numbers for a seed; dropout, "
    "bernoulli, multinomial, poisson, exponential_, trunc_normal_ and orthogonal_ draw others.",
    "save writes safetensors, and load reads them; files that PyTorch wrote with pickle are refused.",
    "create_graph works through everything that has a gradient; convolutions and pools are computed anew from patches for "
    "it, which is slower and takes more memory than their plain gradient.",
    "DataLoader works in this thread, whatever num_workers says.",
    "torch.compile gives the module back as it is.",
    "torch.autocast and GradScaler stand in their places and change nothing: everything is float32.",
)
