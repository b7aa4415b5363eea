// Programs of the kinds that others write, held to the output of Keras and TensorFlow.
//   for f in printed/*.py: python -W ignore f > f.txt, with the TensorFlow of tests/fixtures/keras/README.md
import { testPrinted } from '../printed.mjs';

testPrinted(new URL('printed/', import.meta.url), 'Keras');
