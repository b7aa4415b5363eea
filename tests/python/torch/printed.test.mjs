// Programs of the kinds that others write, held to PyTorch's output.
//   for f in printed/*.py: python f > f.txt, with the PyTorch of tests/fixtures/torch/README.md
import { testPrinted } from '../printed.mjs';

testPrinted(new URL('printed/', import.meta.url), 'PyTorch');
