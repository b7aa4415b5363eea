// Multiplications and additions that a sample needs, counted as frameworks count them: a convolution
// or a dense layer is a matrix product forward, and two of the same size backward. Zeros that a
// pooling layer sends back are counted, as whoever multiplies by them does; so are no activations.

/** Each product's operations, first layer first. */
function products({ input, layers }) {
  const found = [];
  let shape = input;
  for (const layer of layers) {
    const [height, width, channels] = shape;
    if (layer.type === 'conv2d' || layer.type === 'max_pool2d') {
      const [kernelHeight, kernelWidth] = layer.kernel ?? layer.size;
      const [down, across] = layer.stride ?? layer.size ?? [1, 1];
      const steps = (length, kernel, stride) =>
        layer.padding === 'same' ? Math.ceil(length / stride) : Math.floor((length - kernel) / stride) + 1;
      shape = [steps(height, kernelHeight, down), steps(width, kernelWidth, across), layer.filters ?? channels];
      if (layer.type === 'conv2d') {
        found.push(2 * shape[0] * shape[1] * kernelHeight * kernelWidth * channels * layer.filters);
      }
    } else if (layer.type === 'dense') {
      found.push(2 * shape.reduce((a, b) => a * b) * layer.units);
      shape = [layer.units];
    } else if (layer.type === 'flatten') {
      shape = [shape.reduce((a, b) => a * b)];
    } else if (layer.type === 'global_avg_pool2d') {
      shape = [channels];
    } else {
      throw new Error(`flop: nothing is known of a layer ${layer.type}`);
    }
  }
  return found;
}

const sum = (list) => list.reduce((a, b) => a + b, 0);

export const forwardFlop = (model) => sum(products(model));

/** The gradient of the images is nobody's: the first product has one derivative less. */
export const trainFlop = (model) => 3 * forwardFlop(model) - products(model)[0];
