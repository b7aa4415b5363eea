"""One sentence for each function that has none beside its definition: for help() and for the page that lists them."""

_TEXT = """
abs|The absolute value of each element.
acos|The arc cosine, in radians.
acosh|The inverse hyperbolic cosine.
add|The sum, element by element.
all|Whether every element along an axis is true.
allclose|Whether two arrays are equal within a tolerance.
any|Whether any element along an axis is true.
append|The array with values after its end, as a copy.
apply_along_axis|A function of vectors, applied to each along an axis.
apply_over_axes|A function of array and axis, applied to one axis after another.
argmax|Where the largest element stands, along an axis or in the flat array.
argmin|Where the smallest element stands, along an axis or in the flat array.
argpartition|The places in an order whose kth element stands where sorting would put it.
argsort|The places that would sort the array along an axis.
argwhere|The places of the elements that are not zero, a row each.
array_equal|Whether two arrays have one shape and equal elements.
array_equiv|Whether two arrays are equal once broadcast.
array_repr|The text that repr gives of an array.
array_split|The array in parts along an axis, of nearly equal size.
array_str|The text that print shows of an array.
asanyarray|The argument as an array.
ascontiguousarray|The argument as an array whose memory is in C order.
asfortranarray|The argument as an array whose memory is in Fortran order.
asin|The arc sine, in radians.
asinh|The inverse hyperbolic sine.
atan|The arc tangent, in radians.
atan2|The angle of the point (x2, x1), in radians.
atanh|The inverse hyperbolic tangent.
atleast_1d|The arguments with one axis at least.
atleast_2d|The arguments with two axes at least.
atleast_3d|The arguments with three axes at least.
average|The mean, weighted where weights are given.
bitwise_and|The bits that both have.
bitwise_not|The bits turned around.
bitwise_or|The bits that either has.
bitwise_xor|The bits that one of both has.
block|An array put together from nested lists of blocks.
broadcast_arrays|The arrays stretched to one shape, as views.
broadcast_shapes|The shape to which shapes broadcast.
broadcast_to|The array stretched to a shape, as a read-only view.
can_cast|Whether a cast between dtypes is allowed by a rule.
cbrt|The cube root.
ceil|Rounded up to a whole number.
choose|Each element from the array that an index names.
clip|The elements held between a least and a greatest value.
column_stack|Vectors side by side as the columns of a matrix.
compress|The slices along an axis that a condition names.
concatenate|Arrays one after another along an axis that they have.
conjugate|The conjugate, which of a real number is itself.
copy|A copy with memory of its own.
copysign|The size of x1 with the sign of x2.
copyto|Writes one array into another, where a mask allows.
corrcoef|The matrix of correlations of rows.
correlate|The sliding products of two vectors.
cos|The cosine of an angle in radians.
cosh|The hyperbolic cosine.
count_nonzero|How many elements are not zero.
cov|The matrix of covariances of rows.
cross|The cross product of vectors in space.
cumprod|The running product along an axis.
cumsum|The running sum along an axis.
deg2rad|Degrees as radians.
delete|The array without some of its entries along an axis.
diag_indices|The index arrays of a main diagonal.
diag_indices_from|The index arrays of an array's main diagonal.
diagflat|A matrix with the flat argument on a diagonal.
diff|The differences of neighbours along an axis.
digitize|The bin into which each value falls.
divide|The quotient, a float.
divmod|The quotient rounded down, and the remainder.
dsplit|The array in parts along its third axis.
dstack|Arrays stacked along the third axis.
ediff1d|The differences of neighbours in the flat array.
empty|An array of a shape; here it holds zeros.
empty_like|An array of another's shape and dtype; here it holds zeros.
equal|Whether x1 equals x2.
exp|e to the power of each element.
exp2|2 to the power of each element.
expand_dims|A view with a new axis of size one.
expm1|exp(x) - 1, exact near zero.
extract|The elements that a condition names.
eye|A matrix with ones on a diagonal.
fabs|The absolute value, as a float.
fix|Rounded towards zero.
flatnonzero|The places in the flat array that are not zero.
flip|A view in reversed order along axes.
fliplr|A view with its columns reversed.
flipud|A view with its rows reversed.
float_power|x1 to the power of x2, in float64.
floor|Rounded down to a whole number.
floor_divide|The quotient rounded down.
fmax|The larger of both; a number rather than NaN.
fmin|The smaller of both; a number rather than NaN.
fmod|The remainder with the sign of the dividend, as in C.
format_float_positional|A float as text without an exponent.
format_float_scientific|A float as text with an exponent.
frexp|The fraction and the power of two that make a number.
fromfunction|An array from a function of its places.
fromiter|A vector from the values of an iterable.
full|An array of a shape, filled with one value.
full_like|An array of another's shape, filled with one value.
gcd|The greatest common divisor.
geomspace|Numbers evenly spaced on a logarithmic scale, ends given.
get_printoptions|The options by which arrays print.
geterr|What happens at each kind of floating-point fault.
greater|Whether x1 is larger than x2.
greater_equal|Whether x1 is at least x2.
heaviside|0 below zero, 1 above it, x2 at it.
histogram|How many values fall into each bin, and the bins' edges.
histogram_bin_edges|The edges of the bins that histogram would use.
hsplit|The array in parts along its second axis.
hstack|Arrays side by side.
hypot|The hypotenuse of legs x1 and x2.
identity|The square matrix with ones on its diagonal.
imag|The imaginary part, which is zero here.
indices|Arrays of the places along each axis of a grid.
inner|The sum of products over the last axes.
isclose|Whether elements are equal within a tolerance.
iscomplexobj|Whether the argument is complex.
isfinite|Whether an element is neither infinite nor NaN.
isin|Whether an element is among given ones.
isinf|Whether an element is infinite.
isnan|Whether an element is NaN.
isneginf|Whether an element is minus infinity.
isposinf|Whether an element is plus infinity.
isreal|Whether an element is real, as all are here.
isrealobj|Whether the argument is not complex.
isscalar|Whether the argument is a single value.
ix_|Index arrays that pick rows and columns by lists.
kron|The Kronecker product.
lcm|The least common multiple.
left_shift|The bits shifted to the left.
less|Whether x1 is smaller than x2.
less_equal|Whether x1 is at most x2.
log|The natural logarithm.
log10|The logarithm to base 10.
log1p|log(1 + x), exact near zero.
log2|The logarithm to base 2.
logaddexp|log(exp(x1) + exp(x2)) without overflow.
logaddexp2|log2(2**x1 + 2**x2) without overflow.
logical_and|Whether both are true.
logical_not|Whether it is false.
logical_or|Whether either is true.
logical_xor|Whether one of both is true.
logspace|Numbers evenly spaced on a logarithmic scale, exponents given.
matmul|The matrix product; stacks of matrices broadcast.
matrix_transpose|The last two axes exchanged.
max|The largest element along an axis.
maximum|The larger of both; NaN where either is.
may_share_memory|Whether two arrays' memory may overlap, by their bounds.
mean|The mean along an axis.
median|The middle value along an axis.
meshgrid|Matrices of coordinates from vectors of them.
min|The smallest element along an axis.
minimum|The smaller of both; NaN where either is.
moveaxis|A view with axes moved to other places.
multiply|The product, element by element.
nan_to_num|NaN and infinities replaced by numbers.
nanargmax|Where the largest element stands that is not NaN.
nanargmin|Where the smallest element stands that is not NaN.
nancumprod|The running product, NaN counting as one.
nancumsum|The running sum, NaN counting as zero.
nanmax|The largest element that is not NaN.
nanmean|The mean of what is not NaN.
nanmedian|The middle value of what is not NaN.
nanmin|The smallest element that is not NaN.
nanpercentile|Percentiles of what is not NaN.
nanprod|The product of what is not NaN.
nanstd|The standard deviation of what is not NaN.
nansum|The sum of what is not NaN.
nanvar|The variance of what is not NaN.
ndenumerate|Each element with its place.
ndim|How many axes the argument has.
ndindex|The places of a shape, one after another.
negative|Minus each element.
nextafter|The next float after x1 towards x2.
not_equal|Whether x1 differs from x2.
ones|An array of ones.
ones_like|An array of ones of another's shape and dtype.
outer|Every product of an element of one with one of the other.
partition|A copy whose kth element stands where sorting would put it.
percentile|The value below which a percentage of the elements lies.
piecewise|A function made of several, each where its condition holds.
place|Writes values in turn where a mask holds.
polyval|A polynomial's value, from its coefficients, highest power first.
positive|Each element as it is.
power|x1 to the power of x2.
printoptions|Other print options for as long as a block runs.
prod|The product along an axis.
promote_types|The dtype that arrays of two dtypes take together.
ptp|The largest less the smallest along an axis.
put|Writes values at places of the flat array.
put_along_axis|Writes values at places along an axis, each lane its own.
rad2deg|Radians as degrees.
ravel|The array as one axis, a view where memory allows.
real|The real part.
reciprocal|One by each element.
remainder|The remainder with the sign of the divisor, as Python's %.
repeat|Each element several times.
reshape|The elements in another shape, a view where memory allows.
resize|The elements again and again until a shape is full.
right_shift|The bits shifted to the right.
rint|Rounded to the nearest whole number, halves to even.
roll|The elements moved along an axis, the last ones coming first.
rollaxis|A view with one axis rolled back to a place.
rot90|The array turned by quarters.
searchsorted|Where values would go into a sorted vector.
select|Each element from the first choice whose condition holds.
set_printoptions|Sets how arrays print.
setdiff1d|What one holds and the other does not, in order.
seterr|Sets what happens at each kind of floating-point fault.
setxor1d|What one of both holds, in order.
shape|The sizes of the axes.
shares_memory|Whether two arrays have an element of memory in common.
sign|-1, 0 or 1 by the sign.
signbit|Whether the sign bit is set.
sin|The sine of an angle in radians.
sinc|sin(πx) / (πx).
sinh|The hyperbolic sine.
size|How many elements, or how many along an axis.
sort|A copy sorted along an axis.
split|The array in equal parts along an axis.
sqrt|The square root.
square|The square.
squeeze|A view without axes of size one.
stack|Arrays of one shape along a new axis.
std|The standard deviation along an axis.
subtract|The difference, element by element.
sum|The sum along an axis.
swapaxes|A view with two axes exchanged.
take|The entries at given places along an axis.
take_along_axis|The entries at places along an axis, each lane its own.
tan|The tangent of an angle in radians.
tanh|The hyperbolic tangent.
tile|The array repeated like tiles.
trace|The sum along a diagonal.
transpose|A view with the axes in another order.
trapezoid|The integral by trapezoids.
tri|A matrix of ones at and below a diagonal.
tril|The matrix with zeros above a diagonal.
tril_indices|The index arrays of a lower triangle.
tril_indices_from|The index arrays of an array's lower triangle.
triu|The matrix with zeros below a diagonal.
triu_indices|The index arrays of an upper triangle.
triu_indices_from|The index arrays of an array's upper triangle.
trunc|Rounded towards zero.
union1d|What either holds, in order.
unstack|The array's entries along an axis, as a tuple.
vander|The matrix of a vector's powers.
var|The variance along an axis.
vdot|The sum of the products of all elements.
vecdot|The sum of products along the last axis.
vsplit|The array in parts along its first axis.
vstack|Arrays on top of each other.
where|Elements of x where the condition holds, else of y; or the places where it holds.
zeros|An array of zeros.
zeros_like|An array of zeros of another's shape and dtype.
linalg.cond|How much a matrix may magnify errors.
linalg.cholesky|The triangular L with L @ L.T equal to the matrix.
linalg.det|The determinant.
linalg.eigh|The eigenvalues, ascending, and eigenvectors of a symmetric matrix.
linalg.eigvalsh|The eigenvalues of a symmetric matrix, ascending.
linalg.inv|The inverse.
linalg.lstsq|The x that makes a @ x nearest to b.
linalg.matrix_norm|A norm of matrices.
linalg.matrix_power|The matrix multiplied with itself n times.
linalg.matrix_rank|The rank, by the singular values.
linalg.multi_dot|The product of several matrices.
linalg.norm|A norm of vectors or matrices.
linalg.pinv|The pseudo-inverse.
linalg.qr|The factors Q, of orthonormal columns, and R, triangular.
linalg.solve|The x with a @ x equal to b.
linalg.svd|The factors U, S and Vh of singular values.
linalg.svdvals|The singular values, descending.
linalg.vector_norm|A norm of vectors.
testing.assert_|Fails where the value is false.
testing.assert_allclose|Fails where arrays differ by more than a tolerance.
testing.assert_almost_equal|Fails where values differ at so many decimals.
testing.assert_array_almost_equal|Fails where arrays differ at so many decimals.
testing.assert_array_equal|Fails where arrays differ.
testing.assert_array_less|Fails where an element of x is not below that of y.
testing.assert_equal|Fails where values or containers differ.
testing.assert_raises|Fails where no such exception is raised.
testing.assert_raises_regex|Fails where no such exception with such words is raised.
random.default_rng|A generator over PCG64 from a seed.
random.seed|Seeds the legacy functions.
random.rand|Uniform numbers in [0, 1) of a shape given as arguments.
random.randn|Normal numbers of a shape given as arguments.
"""

DOCS = dict(line.split("|", 1) for line in _TEXT.strip().split("\n"))
_METHODS = """
random|Uniform numbers in [0, 1).
random_sample|Uniform numbers in [0, 1).
standard_normal|Numbers of mean 0 and deviation 1.
standard_exponential|Exponential numbers of scale 1.
integers|Whole numbers from low up to but without high.
randint|Whole numbers from low up to but without high.
choice|A sample of a population, with or without replacement.
permutation|A population in random order, as a copy.
permuted|A copy shuffled along an axis, each lane by itself.
shuffle|Puts a population in random order, in place.
normal|Normal numbers.
uniform|Uniform numbers between two bounds.
exponential|Exponential numbers.
lognormal|Numbers whose logarithm is normal.
laplace|Laplace numbers.
gamma|Gamma numbers of a shape and a scale.
standard_gamma|Gamma numbers of scale 1.
beta|Beta numbers, between 0 and 1.
chisquare|Sums of so many squares of normal numbers.
dirichlet|Rows of shares that sum to 1.
poisson|Counts of events that happen at a rate.
binomial|Counts of successes among n trials.
geometric|Counts of trials up to the first success.
multinomial|Counts of n trials over several outcomes.
multivariate_normal|Normal vectors of a mean and a covariance.
gumbel|Gumbel numbers.
spawn|New generators that are independent of this one.
rand|Uniform numbers in [0, 1) of a shape given as arguments.
randn|Normal numbers of a shape given as arguments.
seed|Begins anew from a seed.
"""
DRAWS = dict(line.split("|", 1) for line in _METHODS.strip().split("\n"))
_ARRAY = """
T|The axes in reversed order, as a view.
base|The array whose memory a view looks at.
astype|A copy in another dtype.
copy|A copy with memory of its own.
dot|The matrix product.
dtype|What the elements are.
fill|Writes one value everywhere.
flags|How the memory is laid out, and whether it may be written.
flat|The elements one after another.
flatten|A copy as one axis.
imag|The imaginary part, which is zero here.
item|One element as Python's own number.
itemsize|The bytes of one element.
mT|The last two axes exchanged, as a view.
nbytes|The bytes of all elements.
ndim|How many axes.
real|The real part.
setflags|Allows or forbids writing.
shape|The sizes of the axes.
size|How many elements.
strides|The steps along each axis, in bytes.
tobytes|The elements' bytes.
tofile|Writes the elements to a file.
tolist|Nested lists of Python's own numbers.
view|Another array over the same memory.
"""
ARRAY = dict(line.split("|", 1) for line in _ARRAY.strip().split("\n"))


def _set(thing, text):
    if thing is not None and not isinstance(thing, type) and not getattr(thing, "__doc__", None) or _inherits(thing):
        try:
            thing.__doc__ = text
        except AttributeError:
            pass  # a method of the compiler's, which has words of its own


def _inherits(thing):
    """Whether the words are those of the thing's class."""
    return not isinstance(thing, type) and thing is not None and thing.__doc__ == type(thing).__doc__


def write(module):
    """Puts the sentences where they belong."""
    for name, text in DOCS.items():
        *path, last = name.split(".")
        owner = module
        for part in path:
            owner = getattr(owner, part)
        _set(vars(owner).get(last), text)
    for cls in (module.random.Distributions, module.random._Draws, module.random.Generator, module.random.RandomState):
        for name, thing in vars(cls).items():
            if name in DRAWS:
                _set(thing, DRAWS[name])
    for name, text in ARRAY.items():
        thing = vars(module.ndarray).get(name)
        if isinstance(thing, property) and thing.fget.__doc__ is None:
            thing.fget.__doc__ = text
        elif callable(thing):
            _set(thing, text)
