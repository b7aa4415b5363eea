"""keras.preprocessing: older addresses of functions of keras.utils."""

from ..utils import image_dataset_from_directory, timeseries_dataset_from_array
from . import image, sequence

__all__ = ["image", "sequence", "image_dataset_from_directory", "timeseries_dataset_from_array"]
