"""torch.utils.data: datasets, samplers and loaders."""

import math

from ..._random import _of, default_generator, multinomial, randperm
from ._collate import default_collate


class Dataset:
    """What gives a sample for a number; subclass it with __getitem__ and __len__."""

    def __getitem__(self, index):
        raise NotImplementedError("Subclasses of Dataset should implement __getitem__.")

    def __add__(self, other):
        return ConcatDataset([self, other])


class IterableDataset(Dataset):
    """What gives samples one after another."""

    def __iter__(self):
        raise NotImplementedError("Subclasses of IterableDataset should implement __iter__.")


class TensorDataset(Dataset):
    """Rows of tensors of one length."""

    def __init__(self, *tensors):
        if any(tensors[0].size(0) != t.size(0) for t in tensors):
            raise AssertionError("Size mismatch between tensors")
        self.tensors = tensors

    def __getitem__(self, index):
        return tuple([t[index] for t in self.tensors])

    def __len__(self):
        return self.tensors[0].size(0)


class Subset(Dataset):
    """Some of a dataset."""

    def __init__(self, dataset, indices):
        self.dataset, self.indices = dataset, indices

    def __getitem__(self, index):
        if isinstance(index, list):
            return self.dataset[[self.indices[i] for i in index]]
        return self.dataset[self.indices[index]]

    def __len__(self):
        return len(self.indices)


class ConcatDataset(Dataset):
    """Datasets one after another."""

    def __init__(self, datasets):
        self.datasets = list(datasets)

    def __len__(self):
        return sum(len(d) for d in self.datasets)

    def __getitem__(self, index):
        index = index + len(self) if index < 0 else index
        for dataset in self.datasets:
            if index < len(dataset):
                return dataset[index]
            index -= len(dataset)
        raise IndexError("index out of range")


class StackDataset(Dataset):
    """Datasets side by side."""

    def __init__(self, *datasets):
        self.datasets = datasets

    def __getitem__(self, index):
        return tuple([d[index] for d in self.datasets])

    def __len__(self):
        return len(self.datasets[0])


def random_split(dataset, lengths, generator=None):
    """Subsets of these lengths, or shares that sum to 1, in random order."""
    n = len(dataset)
    if lengths and math.isclose(sum(lengths), 1) and sum(lengths) <= 1 + 1e-9 and n != 1:
        lengths = [math.floor(n * share) for share in lengths]
        for at in range(n - sum(lengths)):
            lengths[at % len(lengths)] += 1
    if sum(lengths) != n:
        raise ValueError("Sum of input lengths does not equal the length of the input dataset!")
    order, start, parts = randperm(n, generator=generator).tolist(), 0, []
    for length in lengths:
        parts.append(Subset(dataset, order[start : start + length]))
        start += length
    return parts


class Sampler:
    """What gives the numbers of samples."""

    def __init__(self, data_source=None):
        pass


class SequentialSampler(Sampler):
    def __init__(self, data_source):
        self.data_source = data_source

    def __iter__(self):
        return iter(range(len(self.data_source)))

    def __len__(self):
        return len(self.data_source)


class RandomSampler(Sampler):
    def __init__(self, data_source, replacement=False, num_samples=None, generator=None):
        self.data_source, self.replacement, self.generator = data_source, replacement, generator
        self._count = num_samples

    @property
    def num_samples(self):
        return len(self.data_source) if self._count is None else self._count

    def __iter__(self):
        n = len(self.data_source)
        generator = self.generator
        if generator is None:
            generator = fresh_generator()
        if self.replacement:
            yield from generator.integers(self.num_samples, 0, n).tolist()
            return
        for _ in range(self.num_samples // n):
            yield from randperm(n, generator=generator).tolist()
        # PyTorch draws this one even where nothing of it is taken, and a generator given to it goes on from there.
        yield from randperm(n, generator=generator).tolist()[: self.num_samples % n]

    def __len__(self):
        return self.num_samples


def fresh_generator():
    """A stream of its own whose seed comes from the common one, as PyTorch's samplers have it."""
    from ..._random import Generator

    words = default_generator.words(2).tolist()
    made = Generator(None)
    made.manual_seed(((words[0] << 32) | words[1]) % (1 << 63))
    return made


class SubsetRandomSampler(Sampler):
    def __init__(self, indices, generator=None):
        self.indices, self.generator = indices, generator

    def __iter__(self):
        for i in randperm(len(self.indices), generator=self.generator).tolist():
            yield self.indices[i]

    def __len__(self):
        return len(self.indices)


class WeightedRandomSampler(Sampler):
    def __init__(self, weights, num_samples, replacement=True, generator=None):
        from ..._create import as_tensor
        from ..._dtypes import float64

        self.weights = as_tensor(weights, dtype=float64)
        self.num_samples, self.replacement, self.generator = num_samples, replacement, generator

    def __iter__(self):
        yield from multinomial(self.weights, self.num_samples, self.replacement, generator=self.generator).tolist()

    def __len__(self):
        return self.num_samples


class BatchSampler(Sampler):
    def __init__(self, sampler, batch_size, drop_last):
        self.sampler, self.batch_size, self.drop_last = sampler, batch_size, drop_last

    def __iter__(self):
        batch = []
        for index in self.sampler:
            batch.append(index)
            if len(batch) == self.batch_size:
                yield batch
                batch = []
        if batch and not self.drop_last:
            yield batch

    def __len__(self):
        n = len(self.sampler)
        return n // self.batch_size if self.drop_last else -(-n // self.batch_size)


class DataLoader:
    """Batches of a dataset. Everything happens in this thread, whatever `num_workers` says."""

    def __init__(self, dataset, batch_size=1, shuffle=None, sampler=None, batch_sampler=None, num_workers=0, collate_fn=None,
                 pin_memory=False, drop_last=False, timeout=0, worker_init_fn=None, multiprocessing_context=None,
                 generator=None, *, prefetch_factor=None, persistent_workers=False, pin_memory_device="",
                 in_order=True):  # fmt: skip
        if sampler is not None and shuffle:
            raise ValueError("sampler option is mutually exclusive with shuffle")
        if num_workers < 0:
            raise ValueError("num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.")
        self.dataset, self.num_workers, self.generator = dataset, num_workers, generator
        self.pin_memory, self.drop_last = pin_memory, drop_last
        self._iterable = isinstance(dataset, IterableDataset)
        if self._iterable and shuffle:
            raise ValueError(
                f"DataLoader with IterableDataset: expected unspecified shuffle option, but got shuffle={shuffle}"
            )
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise ValueError("batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last")
            batch_size = None
        elif not self._iterable:
            if isinstance(batch_size, int) and batch_size <= 0:
                raise ValueError(f"batch_size should be a positive integer value, but got batch_size={batch_size}")
            if shuffle and not len(dataset):
                raise ValueError(f"num_samples should be a positive integer value, but got num_samples={len(dataset)}")
            if sampler is None:
                sampler = RandomSampler(dataset, generator=generator) if shuffle else SequentialSampler(dataset)
            if batch_size is not None:
                batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.batch_size, self.sampler, self.batch_sampler = batch_size, sampler, batch_sampler
        self.collate_fn = collate_fn or (default_collate if batch_size is not None or batch_sampler is not None else _as_it_is)

    def __iter__(self):
        # PyTorch draws a seed for its workers at the start of each pass; so do we, to keep its order.
        _of(self.generator).words(2)
        if self._iterable:
            return self._stream()
        return self._batches()

    def _stream(self):
        batch = []
        for sample in self.dataset:
            if self.batch_size is None:
                yield self.collate_fn(sample)
                continue
            batch.append(sample)
            if len(batch) == self.batch_size:
                yield self.collate_fn(batch)
                batch = []
        if batch and not self.drop_last:
            yield self.collate_fn(batch)

    def _batches(self):
        dataset, collate = self.dataset, self.collate_fn
        if self.batch_sampler is None:
            for index in self.sampler:
                yield collate(dataset[index])
            return
        tensors = dataset.tensors if type(dataset) is TensorDataset and collate is default_collate else None
        for indices in self.batch_sampler:
            if tensors is not None and all(not t.requires_grad for t in tensors):
                # One pick of rows instead of a stack of single ones.
                yield [t[indices] for t in tensors]
            elif hasattr(dataset, "__getitems__"):
                yield collate(dataset.__getitems__(indices))
            else:
                yield collate([dataset[i] for i in indices])

    def __len__(self):
        if self._iterable:
            n = len(self.dataset)
            return n if self.batch_size is None else n // self.batch_size if self.drop_last else -(-n // self.batch_size)
        return len(self.sampler if self.batch_sampler is None else self.batch_sampler)


def _as_it_is(sample):
    return sample


def get_worker_info():
    """None: there are no workers."""


__all__ = [
    "BatchSampler", "ConcatDataset", "DataLoader", "Dataset", "IterableDataset", "RandomSampler", "Sampler",
    "SequentialSampler", "StackDataset", "Subset", "SubsetRandomSampler", "TensorDataset", "WeightedRandomSampler",
    "default_collate", "get_worker_info", "random_split",
]  # fmt: skip


def _elsewhere():
    """The modules by which some programs import the same names."""
    import sys
    import types

    for place in ("dataset", "dataloader", "sampler", "distributed"):
        module = types.ModuleType(f"{__name__}.{place}", __doc__)
        module.__dict__.update({name: globals()[name] for name in __all__})
        sys.modules[module.__name__] = module


_elsewhere()
