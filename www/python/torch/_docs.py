"""One sentence for each function and layer that has none beside its definition: for help() and for the page that lists them."""

_TEXT = """
abs absolute|The absolute value of each element.
add|The sum, the second times `alpha`.
addcdiv|input + value * tensor1 / tensor2.
addcmul|input + value * tensor1 * tensor2.
addmm addmv baddbmm|beta * input + alpha * the matrix product of the other two.
addr|beta * input + alpha * the outer product of two vectors.
all|Whether all elements along a dimension are true.
allclose|Whether two tensors are equal within a tolerance.
alpha_dropout|Dropout that keeps mean and variance, for nets of SELU.
amax|The largest elements over dimensions; equal ones share the gradient.
amin|The smallest elements over dimensions; equal ones share the gradient.
aminmax|The smallest and the largest elements.
any|Whether any element along a dimension is true.
arange|Numbers from start up to, and without, end.
argmax|Where the largest element stands, along a dimension or in the flat tensor.
argmin|Where the smallest element stands, along a dimension or in the flat tensor.
argsort|The indices that sort along a dimension.
argwhere|The places of the elements that are not zero, a row each.
as_tensor asarray|Data as a tensor, sharing the memory of a tensor or an array.
atan2 arctan2|The angle of the point (other, input), in radians.
atleast_1d|Tensors with one dimension at least.
atleast_2d|Tensors with two dimensions at least.
avg_pool1d avg_pool2d|Means over windows.
batch_norm|Each channel with mean 0 and variance 1 over the batch, or by running statistics.
bernoulli|1 with the probability that each element says, else 0.
bincount|How often each integer from 0 up occurs.
bitwise_and|The bits that both have; for bools, and.
bitwise_left_shift|The bits moved to the left.
bitwise_not|All bits turned; for bools, not.
bitwise_or|The bits that either has; for bools, or.
bitwise_right_shift|The bits moved to the right.
bitwise_xor|The bits that one of both has; for bools, either but not both.
block_diag|Matrices along a diagonal, zeros elsewhere.
bmm|Matrix products of two stacks.
broadcast_shapes|The shape to which shapes broadcast.
broadcast_tensors|Tensors stretched to their common shape.
broadcast_to|A tensor stretched to a shape, as a view.
bucketize|Between which boundaries each element falls.
cartesian_prod|All combinations of the elements of vectors.
cat concat concatenate|Tensors one after another along a dimension.
cdist|The distance of each row of one to each row of the other.
ceil|The integer at or above each element.
celu|x above 0, alpha * (exp(x / alpha) - 1) below.
cholesky|The lower triangle L with L Lᵀ the matrix.
chunk|That many parts along a dimension, as views.
clamp clip|Each element held within bounds.
clamp_max|Each element no larger than a bound.
clamp_min|Each element no smaller than a bound.
clone|A copy through which gradients flow.
column_stack|Vectors as the columns of a matrix.
conv1d|The convolution of sequences [N, C, L] with weights [O, C / groups, K].
conv2d|The convolution of pictures [N, C, H, W] with weights [O, C / groups, K, K].
conv_transpose2d|The way back of a convolution: weights are [C, O / groups, K, K].
copysign|The size of the first with the sign of the second.
cosine_similarity|The cosine of the angle between vectors along a dimension.
count_nonzero|How many elements are not zero.
cross|The cross product of vectors of three elements.
cummax|The largest elements so far, and where they stand.
cummin|The smallest elements so far, and where they stand.
cumprod|The products up to each place.
cumsum|The sums up to each place.
deg2rad|Degrees as radians.
det|The determinant.
diag|The diagonal of a matrix, or a matrix with a vector on its diagonal.
diag_embed|Matrices with the last dimension on their diagonals.
diagflat|A matrix with all elements on its diagonal.
diagonal|The elements of a diagonal of two dimensions.
diff|The differences of neighbours.
div divide true_divide|The quotient, of floats unless rounding_mode says otherwise.
dot vdot|The sum of the products of two vectors.
dropout|Elements set to 0 with probability p, the rest divided by 1 - p.
dstack|Tensors one behind another along the third dimension.
eigh|The eigenvalues and eigenvectors of a symmetric matrix.
eigvalsh|The eigenvalues of a symmetric matrix.
embedding|The rows of a table that indices name.
empty empty_like|A tensor whose values are yet to be written; here zeros.
eq|Whether elements are equal.
erf|The error function.
erfc|1 minus the error function.
eye|A matrix with ones on its diagonal.
flatten|Dimensions from start_dim to end_dim as one.
flip|Dimensions in reverse, as a copy.
fliplr|Columns in reverse.
flipud|Rows in reverse.
float_power|A power in float64.
floor|The integer at or below each element.
floor_divide|The quotient, rounded down.
fmax|The larger of two.
fmin|The smaller of two.
fmod|The rest of a division, with the sign of the first.
frac|What stands behind the point.
frombuffer|A vector of the bytes of a buffer.
full full_like|A tensor of one value.
gather|The elements at indices along a dimension, each in its own row.
gcd|The greatest common divisor.
ge greater_equal|Whether the first is at least the second.
get_default_device|The processor.
get_default_dtype|The dtype of new tensors of floats.
get_rng_state|Where the common random stream stands.
group_norm|Groups of channels with mean 0 and variance 1.
gt greater|Whether the first is larger.
heaviside|0 below zero, 1 above, the second at zero.
histc|How many elements fall into each of equal bins.
hstack|Tensors side by side.
hypot|The hypotenuse of two sides.
index_add|Values added at indices along a dimension.
index_copy|Values written at indices along a dimension.
index_fill|One value at indices along a dimension.
index_put|Values at the places that index tensors name.
index_select|The entries of a dimension that indices name.
initial_seed|The seed of the common random stream.
inner|Sums of products over the last dimensions.
instance_norm|Each channel of each picture with mean 0 and variance 1.
inverse|The inverse of a square matrix.
is_floating_point|Whether the dtype is one of floats.
is_grad_enabled|Whether operations are recorded.
is_nonzero|Whether the only element is not zero.
is_tensor|Whether something is a tensor.
isclose|Which elements are equal within a tolerance.
isfinite|Which elements are neither infinite nor NaN.
isin|Which elements are among others.
isinf|Which elements are infinite.
isnan|Which elements are NaN.
kron|Each element of the first times the whole second.
kthvalue|The kth smallest elements, and where they stand.
layer_norm|The last dimensions with mean 0 and variance 1.
lcm|The least common multiple.
le less_equal|Whether the first is at most the second.
lerp|input + weight * (end - input).
linspace|That many numbers from start to end, both included.
log_softmax|The logarithms of softmax.
logaddexp|ln(e ** input + e ** other).
logical_and|Whether both are true.
logical_not|Whether it is false.
logical_or|Whether either is true.
logical_xor|Whether one of both is true.
logit|ln(p / (1 - p)).
logspace|Powers of a base whose exponents are equally far apart.
logsumexp|ln Σ e ** x over dimensions, the largest taken off first.
lt less|Whether the first is smaller.
manual_seed|Begins the common random stream anew.
masked_fill|A value where a mask is true.
masked_scatter|Values, one after another, where a mask is true.
masked_select|The elements where a mask is true, as a vector.
matmul|The matrix product; vectors count as row and column, stacks broadcast.
matrix_power|A matrix times itself n times.
matrix_rank|How many rows of a matrix are independent.
max|The largest element; along a dimension with its index; or the larger of two tensors.
max_pool1d max_pool2d|Maxima over windows.
maximum|The larger of two, element by element.
mean|The mean over dimensions.
median|The element in the middle, the lower of two.
meshgrid|Coordinates of a grid, from those of its sides.
min|The smallest element; along a dimension with its index; or the smaller of two tensors.
minimum|The smaller of two, element by element.
mm|The product of two matrices.
mode|The commonest elements, and where they stand.
moveaxis movedim|Dimensions moved to other places.
mul multiply|The product, element by element.
multinomial|Indices drawn with the probabilities of a row.
mv|A matrix times a vector.
nan_to_num|NaN and infinities replaced by numbers.
nanmean|The mean of what is not NaN.
nansum|The sum of what is not NaN.
narrow|Some entries of a dimension, as a view.
ne not_equal|Whether elements differ.
neg negative|Each element with the other sign.
nonzero|The places of the elements that are not zero.
norm|The length of vectors, or the size of a matrix.
normal|Normal numbers with a mean and a standard deviation.
numel|How many elements there are.
ones ones_like|A tensor of ones.
outer ger|Each element of one vector times each of the other.
pairwise_distance|The distance of each row to its partner.
permute|Dimensions in another order, as a view.
pinv|The pseudo-inverse.
pixel_shuffle|Channels spread over larger pictures.
poisson|Counts with the rates that elements say.
pow|A power.
prelu|x above 0, weight * x below.
prod|The product over dimensions.
qr|Orthogonal columns times an upper triangle.
quantile|The value below which a share of the elements lies.
rad2deg|Radians as degrees.
rand rand_like|Random numbers from 0 up to 1.
randint randint_like|Random integers from low up to, and without, high.
randn randn_like|Random numbers of mean 0 and standard deviation 1.
randperm|The numbers below n in random order.
range|Numbers from start to end, both included.
ravel|All elements as a vector.
relu|max(x, 0).
remainder|The rest of a division, with the sign of the second.
renorm|Slices shortened to a norm.
repeat_interleave|Each entry several times in a row.
reshape|Another shape of as many elements: a view where the memory allows one.
result_type|The dtype of what two give together.
roll|Entries moved along a dimension, those that fall off coming in again.
rot90|A quarter turn, k times.
round|The nearest integer, halves to the even one.
rsub|other - input.
scatter|Values written at indices along a dimension, each in its own row.
scatter_add|Values added at indices along a dimension, each in its own row.
scatter_reduce|Values joined at indices along a dimension by sum, prod, mean, amax or amin.
searchsorted|Where values would have to stand in a sorted sequence.
select|One entry of a dimension, as a view.
selu|The scaled exponential unit of self-normalising nets.
set_default_dtype|Sets the dtype of new tensors of floats.
set_printoptions|Sets how tensors print.
sign sgn|-1, 0 or 1.
signbit|Which elements have a minus sign.
softmax|e ** x divided by their sum along a dimension.
solve|The x with A x = B.
sort|The elements in order, and where they came from.
split|Parts of a size, or of sizes, along a dimension, as views.
square|Each element times itself.
squeeze|Without dimensions of size 1.
stack|Tensors side by side along a new dimension.
std|The standard deviation; `correction` is taken off the count.
std_mean|Standard deviation and mean.
sub subtract|The difference, the second times `alpha`.
sum|The sum over dimensions.
svd|Left vectors, sizes and right vectors of a matrix.
svdvals|The singular values of a matrix.
swapaxes swapdims transpose|Two dimensions exchanged, as a view.
t|A matrix turned, as a view.
take|The elements at places in the flat tensor.
take_along_dim|The elements at indices along a dimension.
tensor_split|Parts along a dimension, of nearly equal size or cut at places.
tensordot|Sums of products over dimensions of both.
threshold|x above a threshold, else a value.
tile|The tensor several times along each dimension.
topk|The k largest or smallest elements, and where they stand.
trace|The sum of a diagonal.
tril|The lower triangle, zeros above it.
tril_indices|The places of a lower triangle.
triu|The upper triangle, zeros below it.
triu_indices|The places of an upper triangle.
trunc fix|Each element without what stands behind the point.
unbind|The entries of a dimension, as a tuple of views.
unflatten|One dimension as several.
unique|The different elements, in order.
unique_consecutive|The elements without repeats in a row.
unsqueeze|With a new dimension of size 1.
vander|Powers of a vector as columns.
var|The variance; `correction` is taken off the count.
var_mean|Variance and mean.
vstack row_stack|Tensors one under another.
where|Elements of one where a condition holds, else of the other.
zeros zeros_like|A tensor of zeros.
adaptive_avg_pool1d adaptive_avg_pool2d|Means over as many windows as the output has places.
adaptive_max_pool1d adaptive_max_pool2d|Maxima over as many windows as the output has places.
bilinear|x₁ᵀ A x₂ + b.
binary_cross_entropy BCELoss|-y ln p - (1 - y) ln(1 - p), of probabilities.
binary_cross_entropy_with_logits BCEWithLogitsLoss|The same of logits, without overflow.
cosine_embedding_loss CosineEmbeddingLoss|1 - cosine of pairs that belong together, cosine - margin of others.
cross_entropy CrossEntropyLoss|-log softmax of logits at the labels, or against probabilities.
elu ELU|x above 0, alpha * (e ** x - 1) below.
embedding_bag|Sums or means of the rows of a table.
fold Fold|Patches added up to pictures.
gaussian_nll_loss GaussianNLLLoss|The negative log-likelihood of normal numbers.
gelu GELU|x times the normal distribution function.
glu GLU|One half times the sigmoid of the other.
gumbel_softmax|Samples of a categorical distribution through which gradients flow.
hardshrink Hardshrink|x, but 0 near 0.
hardsigmoid Hardsigmoid|The sigmoid in three straight pieces.
hardswish Hardswish|x times the hard sigmoid.
hardtanh Hardtanh|x held between two bounds.
hinge_embedding_loss HingeEmbeddingLoss|x where y is 1, max(0, margin - x) where it is -1.
huber_loss HuberLoss|Half the square below delta, a line above.
kl_div KLDivLoss|The divergence of log-probabilities from a target.
l1_loss L1Loss|The mean of |x - y|.
leaky_relu LeakyReLU|x above 0, a small slope below.
linear|x Aᵀ + b.
local_response_norm LocalResponseNorm|Each channel divided by the size of its neighbours.
logsigmoid LogSigmoid|The logarithm of the sigmoid, without overflow.
margin_ranking_loss MarginRankingLoss|max(0, -y (x₁ - x₂) + margin).
max_unpool2d MaxUnpool2d|The way back of a max pool by its indices.
mish Mish|x tanh(softplus(x)).
mse_loss MSELoss|The mean of (x - y)².
multi_margin_loss MultiMarginLoss|How much other classes come near the right one.
multilabel_soft_margin_loss MultiLabelSoftMarginLoss|Binary cross-entropies of several labels.
nll_loss NLLLoss|Minus the log-probability at the labels.
normalize|Vectors divided by their length.
one_hot|Rows with a 1 at each index.
poisson_nll_loss PoissonNLLLoss|The negative log-likelihood of counts.
relu6 ReLU6|min(max(x, 0), 6).
rms_norm RMSNorm|The last dimensions divided by their root mean square.
rrelu RReLU|x above 0, a random slope below while training.
silu SiLU|x times its sigmoid.
smooth_l1_loss SmoothL1Loss|Half the square over beta below beta, a line above.
soft_margin_loss SoftMarginLoss|ln(1 + e ** (-y x)).
softmin Softmin|Softmax of -x.
softplus Softplus|ln(1 + e ** x).
softshrink Softshrink|x moved towards 0, and 0 near it.
softsign Softsign|x / (1 + |x|).
tanhshrink Tanhshrink|x - tanh x.
triplet_margin_loss TripletMarginLoss|How much farther the negative is than the positive, up to a margin.
unfold Unfold|The patches of pictures as columns.
AdaptiveAvgPool1d AdaptiveAvgPool2d|Means over as many windows as the output has places.
AdaptiveMaxPool1d AdaptiveMaxPool2d|Maxima over as many windows as the output has places.
AlphaDropout|Dropout that keeps mean and variance, for nets of SELU.
AvgPool1d AvgPool2d|Means over windows.
CELU|x above 0, alpha * (exp(x / alpha) - 1) below.
CircularPad1d CircularPad2d|The other end around the edges.
ConstantPad1d ConstantPad2d|A value around the edges.
ConvTranspose1d|[N, C, L] -> [N, O, OL], the way back of a convolution.
CosineSimilarity|The cosine of the angle between vectors.
Dropout1d Dropout2d|Sets whole channels to 0 with probability p while training.
Flatten|Dimensions from start_dim to end_dim as one.
GRU|Gated recurrent layers over sequences.
GRUCell|One step of a GRU.
GroupNorm|Groups of channels with mean 0 and variance 1.
Identity|What comes in goes out.
InstanceNorm1d InstanceNorm2d|Each channel of each sample with mean 0 and variance 1.
LSTM|Long short-term memory layers over sequences.
LSTMCell|One step of an LSTM.
LazyBatchNorm1d LazyBatchNorm2d|A batch norm whose channels come with the first input.
LazyConv1d LazyConv2d LazyConvTranspose2d|A convolution whose channels come with the first input.
LazyLinear|A linear layer whose inputs come with the first input.
LogSoftmax|The logarithms of softmax.
MaxPool1d MaxPool2d|Maxima over windows.
PairwiseDistance|The distance of each row to its partner.
PixelShuffle|Channels spread over larger pictures.
RNNCell|One step of an RNN.
ReLU|max(x, 0).
ReflectionPad1d ReflectionPad2d|The mirrored inside around the edges.
ReplicationPad1d ReplicationPad2d|The outermost values around the edges.
SELU|The scaled exponential unit of self-normalising nets.
Sigmoid|1 / (1 + e ** -x).
Softmax|e ** x divided by their sum along a dimension.
Softmax2d|Softmax over the channels of each place.
Tanh|The hyperbolic tangent.
Threshold|x above a threshold, else a value.
Unflatten|One dimension as several.
Upsample|Pictures enlarged by the nearest place, or linearly.
ZeroPad1d ZeroPad2d|Zeros around the edges.
calculate_gain|The factor that keeps variance through an activation.
constant_ constant|Fills with a value.
dirac_|Kernels that pass their input on.
eye_|Fills with the identity.
kaiming_normal_ kaiming_normal|Normal numbers that keep variance through ReLUs (He et al. 2015).
kaiming_uniform_ kaiming_uniform|Uniform numbers that keep variance through ReLUs (He et al. 2015).
normal_|Fills with normal numbers.
ones_|Fills with ones.
orthogonal_|Fills with orthogonal rows or columns.
sparse_|Normal numbers with a share of zeros in each column.
uniform_ uniform|Fills with uniform numbers.
xavier_normal_ xavier_normal|Normal numbers that keep variance both ways (Glorot and Bengio 2010).
xavier_uniform_ xavier_uniform|Uniform numbers that keep variance both ways (Glorot and Bengio 2010).
zeros_|Fills with zeros.
matrix_norm|The size of a matrix.
vector_norm|The length of vectors.
BatchSampler|Numbers in batches.
RandomSampler|Numbers in random order.
SequentialSampler|Numbers in order.
SubsetRandomSampler|Some numbers in random order.
WeightedRandomSampler|Numbers drawn with weights.
BoolTensor DoubleTensor FloatTensor LongTensor|The older name of a tensor of this dtype.
"""


def write(*modules):
    """Gives each function and class of the modules, where it has none, its sentence."""
    for line in _TEXT.strip().splitlines():
        names, _, text = line.partition("|")
        for name in names.split():
            for module in modules:
                thing = vars(module).get(name)
                if thing is not None and not thing.__doc__:
                    thing.__doc__ = text
