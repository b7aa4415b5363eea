// The presets whose layers do not stand in one line: a small ResNet and a tiny Transformer.
import type { Graph, GraphNode } from './spec.ts';

/** Nodes that follow one another; each takes the one before it. */
class Trail {
  readonly nodes: GraphNode[] = [];

  constructor(public at: string) {}

  put(node: Omit<GraphNode, 'inputs'> & { name: string }, inputs: string[] = [this.at]): this {
    this.nodes.push({ ...node, inputs } as GraphNode);
    this.at = node.name;
    return this;
  }
}

/** He et al. 2016: what a block learns is added to what came in, by a 1 × 1 convolution where the shape changes. */
export function residual(input: number[], classes: number): Graph {
  const trail = new Trail('image');
  const conv = (name: string, filters: number, stride: number, kernel = 3) =>
    ({ type: 'conv2d', name, filters, kernel: [kernel, kernel], ...(stride > 1 ? { stride: [stride, stride] } : {}), padding: 'same', use_bias: false, init: 'he_normal' }) as never;
  // An epoch of these runs has few batches; with Keras's 0.99 the running means would lag behind a whole one.
  const norm = (name: string) => ({ type: 'batch_normalization', name, momentum: 0.9 }) as never;
  const block = (name: string, filters: number, stride: number) => {
    const from = trail.at;
    trail
      .put(conv(`${name}_conv1`, filters, stride))
      .put(norm(`${name}_bn1`))
      .put({ type: 'relu', name: `${name}_relu1` })
      .put(conv(`${name}_conv2`, filters, 1))
      .put(norm(`${name}_bn2`));
    const learnt = trail.at;
    if (stride > 1) trail.put(conv(`${name}_skip`, filters, stride, 1), [from]);
    trail.put({ type: 'add', name: `${name}_add` }, [learnt, stride > 1 ? trail.at : from]).put({ type: 'relu', name: `${name}_out` });
  };
  trail.put(conv('stem', 16, 2)).put(norm('stem_bn')).put({ type: 'relu', name: 'stem_relu' });
  block('block1', 16, 1);
  block('block2', 32, 2);
  trail.put({ type: 'global_avg_pool2d', name: 'gap' }).put({ type: 'dense', name: 'probabilities', units: classes, activation: 'softmax' } as never);
  return { inputs: [{ name: 'image', shape: [...input] }], nodes: trail.nodes, output: trail.at };
}

/** Vaswani et al. 2017, with the norms before (Xiong et al. 2020): each row of the picture is a token. */
export function transformer(input: number[], classes: number): Graph {
  const [rows = 1, ...rest] = input;
  const width = 48;
  const trail = new Trail('image');
  trail
    .put({ type: 'reshape', name: 'rows', shape: [rows, rest.reduce((all, size) => all * size, 1)] } as never)
    .put({ type: 'dense', name: 'embed', units: width } as never)
    .put({ type: 'position_embedding', name: 'position' });
  for (const name of ['block1', 'block2']) {
    const from = trail.at;
    trail
      .put({ type: 'layer_normalization', name: `${name}_norm1` })
      .put({ type: 'multi_head_attention', name: `${name}_attention`, num_heads: 4, key_dim: 12 } as never)
      .put({ type: 'add', name: `${name}_add1` }, [trail.at, from]);
    const middle = trail.at;
    trail
      .put({ type: 'layer_normalization', name: `${name}_norm2` })
      .put({ type: 'dense', name: `${name}_up`, units: 2 * width, activation: 'gelu' } as never)
      .put({ type: 'dense', name: `${name}_down`, units: width } as never)
      .put({ type: 'add', name: `${name}_add2` }, [trail.at, middle]);
  }
  trail
    .put({ type: 'layer_normalization', name: 'norm' })
    .put({ type: 'global_avg_pool1d', name: 'mean' })
    .put({ type: 'dense', name: 'probabilities', units: classes, activation: 'softmax' } as never);
  return { inputs: [{ name: 'image', shape: [...input] }], nodes: trail.nodes, output: trail.at };
}
