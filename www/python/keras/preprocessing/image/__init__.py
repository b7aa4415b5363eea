"""keras.preprocessing.image."""

from ...utils import array_to_img, img_to_array, load_img, save_img


def __getattr__(name):
    from ..._missing import module_attribute

    if name == "ImageDataGenerator":
        raise NotImplementedError(
            "keras.preprocessing.image.ImageDataGenerator is not in this Keras; nearest here: layers.RandomFlip, "
            "RandomRotation and RandomZoom in the model"
        )
    raise module_attribute("keras.preprocessing.image", globals(), name)


__all__ = ["array_to_img", "img_to_array", "load_img", "save_img"]
