// Sets whose files say nothing of their classes, though their makers do; known by the hash of their contents.

interface Known {
  name: string;
  classes: string[];
}

/** H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST", 2017: the labels of its README. */
const fashion: Known = {
  name: 'Fashion-MNIST',
  classes: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
};

const known: Readonly<Record<string, Known>> = {
  a5f92f577f0e00c63d00a71fd2c0355846af134f86b3277bfe64320a7cf6d656: fashion,
  // Without its part for tests.
  a4fb37d16969e8c017a37e860df19ddd1f388e2469651f890723fb40e60aa8d1: fashion,
};

export function withKnownNames<T extends { hash: string; name: string; classes: string[] }>(own: T): T {
  const names = known[own.hash];
  return names && names.classes.length === own.classes.length ? { ...own, ...names } : own;
}
