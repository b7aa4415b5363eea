"""What is here and differs from torchvision, for the page that lists this module."""

differences = (
    "MNIST is the page's 10,000 digits, 8,000 to train and 2,000 to test, unless MNIST's four files stand under root; "
    "the other data sets read files, and nothing is fetched.",
    "A picture is a small class with the mode, size and values of PIL's; Resize takes linear means without antialiasing.",
)
