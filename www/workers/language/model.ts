// The Transformer as a run: pre-norm blocks of causal attention and a small dense network, as GPT-2 has them.
import type { GraphSpec, LayerSpec, Rotary, RunSpec } from 'danlu';
import type { Settings } from './protocol.ts';

type Node = GraphSpec['nodes'][number];

/** What the network and its training depend on; how the text is cut is not among it. Positions are learned where nothing is said. */
type Sizes = Pick<Settings, 'context' | 'width' | 'heads' | 'blocks' | 'batch_size' | 'learning_rate' | 'steps'> & Partial<Pick<Settings, 'positions'>>;

/** `rotary` says by how much positions turn, where the settings want it. */
export function runSpec({ positions = 'learned', context, width, heads, blocks, batch_size, learning_rate, steps }: Sizes, vocabulary: number, rotary: Rotary = {}): RunSpec {
  const nodes: Node[] = [];
  const add = (name: string, inputs: string[], layer: LayerSpec) => {
    nodes.push({ ...layer, name, inputs });
    return name;
  };
  let stream = add('embedding', ['tokens'], { type: 'embedding', input_dim: vocabulary, output_dim: width });
  if (positions === 'learned') stream = add('positions', [stream], { type: 'position_embedding' });
  for (let block = 1; block <= blocks; block++) {
    const heard = add(`block_${block}/norm_1`, [stream], { type: 'layer_normalization', epsilon: 1e-5 });
    const attention = add(`block_${block}/attention`, [heard], {
      type: 'multi_head_attention',
      num_heads: heads,
      key_dim: Math.floor(width / heads),
      causal: true,
      ...(positions === 'rotary' && { rotary }),
    });
    stream = add(`block_${block}/add_1`, [stream, attention], { type: 'add' });
    const norm = add(`block_${block}/norm_2`, [stream], { type: 'layer_normalization', epsilon: 1e-5 });
    const wide = add(`block_${block}/up`, [norm], { type: 'dense', units: 4 * width, activation: 'gelu' });
    const back = add(`block_${block}/down`, [wide], { type: 'dense', units: width });
    stream = add(`block_${block}/add_2`, [stream, back], { type: 'add' });
  }
  const last = add('norm', [stream], { type: 'layer_normalization', epsilon: 1e-5 });
  const output = add('head', [last], { type: 'dense', units: vocabulary, activation: 'softmax' });
  const warmup = Math.max(1, Math.min(100, Math.floor(steps / 10)));
  return {
    model: { inputs: [{ name: 'tokens', shape: [context] }], nodes, output },
    loss: 'categorical_cross_entropy',
    optimizer: { type: 'adamw', learning_rate, weight_decay: 0.1, exclude_from_weight_decay: ['bias', 'norm', 'embedding', 'positions'], global_clipnorm: 1 },
    schedule: { type: 'warmup', steps: warmup, then: { type: 'cosine', decay_steps: Math.max(1, steps - warmup), alpha: 0.1 } },
    batch_size,
  };
}
