"""What is here and differs from PyTorch, for the page that lists this module."""

differences = (
    ("dtypes", "float32, float64, int64, bool"),
    ("device", "cpu"),
    ("random", "dropout bernoulli multinomial exponential_ poisson trunc_normal_ orthogonal_"),
    ("save", "safetensors"),
    ("create_graph", "conv1d conv2d conv_transpose2d max_pool2d avg_pool2d adaptive pools"),
    ("DataLoader", "num_workers=0"),
)
