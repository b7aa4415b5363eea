# Masks: from an embedding or a Masking layer through recurrent layers, attention, means, losses and metrics.
import keras, numpy as np
from keras import layers
x=np.array([[0,0,3,4],[0,5,6,7]])
p=np.concatenate([np.zeros((2,3),int),x],1)
for name,l in {'lstm':layers.LSTM(5),'gru':layers.GRU(5),'rnn':layers.SimpleRNN(5),'bi':layers.Bidirectional(layers.LSTM(5)),'bigru':layers.Bidirectional(layers.GRU(5)),'two':None,'twog':None}.items():
    seq=[layers.Embedding(10,4,mask_zero=True)]
    if name=='two': seq+=[layers.LSTM(5,return_sequences=True),layers.GRU(3)]
    elif name=='twog': seq+=[layers.Bidirectional(layers.LSTM(5,return_sequences=True)),layers.Bidirectional(layers.GRU(3))]
    else: seq.append(l)
    m=keras.Sequential(seq); a=m(x).numpy(); b=m(p).numpy()
    print(name, np.abs(a-b).max()<1e-6, np.abs(m.predict(x,verbose=0)-a).max()<1e-6, np.abs(m.predict(p,verbose=0)-b).max()<1e-6)
keras.utils.set_random_seed(0)


def fixed(model):
    model.set_weights([np.cos(np.arange(w.size) * 0.7).reshape(w.shape) * 0.5 for w in model.get_weights()])
    return model

i=keras.Input((None,),dtype='int32'); h=layers.Embedding(10,4,mask_zero=True)(i)
s=fixed(keras.Model(i,layers.TimeDistributed(layers.Dense(3,activation='softmax'))(layers.Dropout(0.0)(layers.LSTM(5,return_sequences=True)(h)))))
s.compile('sgd','sparse_categorical_crossentropy',metrics=['accuracy'])
y=np.array([[0,1,2,1],[1,2,0,0]])
print([round(v,5) for v in s.evaluate(x,y,verbose=0)])
print([round(v,5) for v in s.fit(x,y,epochs=2,verbose=0).history['loss']])
g=fixed(keras.Model(i,layers.Dense(1)(layers.GlobalAveragePooling1D()(h)))); print(g.predict(x,verbose=0).ravel().round(5), g(p).numpy().ravel().round(5))
q=layers.MultiHeadAttention(2,4); fx=keras.Model(i,q(h,h)); fixed(fx); print(fx.predict(x,verbose=0)[:,2:].ravel().round(4)[:8])
mk=fixed(keras.Sequential([keras.Input((3,2)),layers.Masking(0.0),layers.GRU(2),layers.Dense(1)])); print(mk.predict(np.array([[[1.,2],[0,0],[0,0]],[[1,2],[3,4],[0,0]]]),verbose=0).ravel().round(5))
r=fixed(keras.Sequential([keras.Input((None,),dtype='int32'),layers.Embedding(10,4,mask_zero=True),layers.LSTM(3,return_sequences=True),layers.LayerNormalization(),layers.GRU(2),layers.Dense(1,activation='sigmoid')])); r.compile('adam','binary_crossentropy'); print([round(v,5) for v in r.fit(x,np.array([0,1]),epochs=3,verbose=0).history['loss']])
n=keras.layers.Add()([layers.Embedding(10,4,mask_zero=True)(np.array([[0,1]])),layers.Embedding(10,4,mask_zero=True)(np.array([[0,0]]))]); print(np.array(n._keras_mask))
