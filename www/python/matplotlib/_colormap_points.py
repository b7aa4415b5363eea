"""Control points of the colour maps, written by tests/fixtures/matplotlib/colormap_points.py.

A point of a continuous map is two hexadecimal digits of its place among 256 and six of its colour.
"""

CONTINUOUS = {
    "viridis": (
        "0044015412481b6d22472f7d344045885331668e7f21908d8d1e9d899a23a983a62fb47cb446c06fc365cb5ed795d840eccde11d"
        "f3dfe318f8ece51bfefbe723fffde725"
    ),
    "plasma": (
        "000d08870720068f1a43039e316700a8407e03a84b8e0ca45da620987bc7427c9ee56a5dbcf79044d7feb72de6fcce25f3f7e425"
        "fbf2f227fef0f724fff0f921"
    ),
    "inferno": (
        "000000040402010a0b06041916120a3220210c4a282f0a5b33420a68425a116e587d1e6d6fa22b6283c03a5192d44842a5e9612b"
        "b9f78212c2fa9207c7fb9b06ccfca50ad5fbb61ae2f8cf3aebf4e156f4f1f179fbf6fa96fffcffa4"
    ),
    "magma": (
        "000000040502020b100a0822201d11472d31116536400f744254137d5a79228275a5317e8bc83e739adf4a68a8ef5d5eb2f66e5c"
        "bdfb835fcefea36fe5fecd90fffcfdbf"
    ),
    "cividis": (
        "0000224e14003070170132711c12357025233c6e373a486c5c5e626e827e7d789e999277bfbbad6ddbd9c55cefefd748f9fbe138"
        "fbfde334fefee636fffee838"
    ),
    "turbo": (
        "0030123b0738276d0e3f3b97164451bf1d4664da244776ee2b4687fb304294ff363aa3fc3d2eb4f2481ccdd84f18dbc55419e3b9"
        "5a22ebaa6238f4916e65fd69788bff4b7e9ffd3f84affa378cc3f13496dbe236a0eecf3aa9f9bc39b2fea732bcfd8a26c7f56918"
        "d2e84b0cddd63506e9bc2002f6980e01ff7a0403"
    ),
    "gray": (
        "00000000ffffffff"
    ),
    "binary": (
        "00ffffffff000000"
    ),
    "bone": (
        "000000005f535473bfa7c7c7ffffffff"
    ),
    "pink": (
        "001e000004321a1a09422727105534341d6f4646308d5a5a4bae71715ec27f7e75cc9f8d92d8bf9eb4e5e0afbfe9e9b5def4f4dc"
        "ffffffff"
    ),
    "hot": (
        "000b00005dff0000befffe00c7ffff22ffffffff"
    ),
    "afmhot": (
        "00000000408000007ffe7e0088ff9011bffffe7fc8ffff91ffffffff"
    ),
    "cool": (
        "0000ffffffff00ff"
    ),
    "spring": (
        "00ff00ffffffff00"
    ),
    "summer": (
        "00008066ffffff66"
    ),
    "autumn": (
        "00ff0000ffffff00"
    ),
    "winter": (
        "000000ffff00ff80"
    ),
    "copper": (
        "00000000cfffa267ffffc77f"
    ),
    "jet": (
        "000000801c0000ff200000ff5600d8ff5700dcfe5900e4f85f13fce46016ffe1a3eeff09a6f8f500a8feed00b1ffcc00e3ff1300"
        "e8e80000ff800000"
    ),
    "hsv": (
        "00ff000028ffec002cf8fd002df4ff005508ff005900ff108100fffc8200fcffaa0010ffae0800ffd6f400ffd7f800fddbff00ed"
        "ffff0018"
    ),
    "rainbow": (
        "008000ff1a4c50fc2f218cf44000b5eb5020d5e15f3febd56c58f8c97b76ffb98a94fda899b2f396a8d0e082b8f0c46cbffeb562"
        "c8ffa055dcff6b37fbff0d06ffff0000"
    ),
    "gist_heat": (
        "000000007fbe000088cc1100aaff5500bfff7f00c8ff9123ffffffff"
    ),
    "gist_rainbow": (
        "00ff002907ff000308ff020036fffb0037feff006600ff009500fffd9600fcffc40002ffc50400fff3fe00fff5ff00f6ffff00bf"
    ),
    "nipy_spectral": (
        "000000000c7000800d770088198700981a83009a260300aa270000ad330000dd3f0070dd400078dd4c0098dd4d009adb5900aaab"
        "6600aa8872009a0873009a009900ff00a5b0ff00a6bcff00b2ecef00b4f0ea00bfffcd00ccff9900d8ff0900d9fe0000e6dc0000"
        "f2cc0000f3cc0c0cffcccccc"
    ),
    "terrain": (
        "00333399260098fe27009afa3f00cb6b4001cc667ffdff9980fefe98bf805c54c891726cffffffff"
    ),
    "ocean": (
        "0000800055000055aa0080aaffffffff"
    ),
    "Greys": (
        "00ffffff23eeeeee48d2d2d263b9b9b98b898989c1505050e41f1f1fff000000"
    ),
    "Purples": (
        "00fcfbfd25eceaf342d8d8ea64b8b8d9869894c5a17f7bb9d05e3b98fd40027eff3f007d"
    ),
    "Blues": (
        "00f7fbff40c6dbef619cc9e18366abd4a43d8dc4c31e6db2e008509bff08306b"
    ),
    "Greens": (
        "00f7fcf522e3f4de45c1e6ba649bd6968270c274a13fa95cc61c8540df006d2cff00441b"
    ),
    "Oranges": (
        "00fff5eb20fee6ce42fdce9e63fdab6683fc8937a0f16813c0d84801e2a23503ff7f2704"
    ),
    "Reds": (
        "00fff5f021fedfd04efca98c68fc876781fa6849a0ee3a2cc0ca181ddfa50f15ff67000d"
    ),
    "YlOrBr": (
        "00ffffe522fff6b940fee39061fec24d80fe9829a0eb6f14c0cb4b02e3933204ff662506"
    ),
    "YlOrRd": (
        "00ffffcc38fede8040fed97661feb04b80fd8c3ca1fb4b29c0e2191cdfbd0026ff800026"
    ),
    "OrRd": (
        "00fff7ec27fee4bf41fdd39d61fdb98280fc8c59a0ef6447c2d42c1cdfb30000ff7f0000"
    ),
    "PuRd": (
        "00f7f4f921e6e0ee45d2b3d760c993c780df64af9fe72a8abfce1256e0970042ff67001f"
    ),
    "RdPu": (
        "00fff7f327fddad740fcc5c061fa9db481f666a1a1db3196bfae017ee5710175ff49006a"
    ),
    "BuPu": (
        "00f7fcfd24dce9f25f9fbcda818c94c5ab8b5caac1883e9bdf810f7cff4d004b"
    ),
    "GnBu": (
        "00f7fcf031d5efcf41cbeac460a7ddb58573c8c7a04db2d3cd1c7cb6df0868acff084081"
    ),
    "PuBu": (
        "00fff7fb22eae6f141ced0e6659ebad98171a8cea0358fc0bf0570b0e004598cff023858"
    ),
    "YlGnBu": (
        "00ffffd920edf8b140c6e9b46476cabc813fb4c4a01d90c0c32259a6df253494ff081d58"
    ),
    "PuBuGn": (
        "00fff7fb22eae1ef41ced0e660a5bddb8263a7cea03590bfbf02818ae1016a57ff014636"
    ),
    "BuGn": (
        "00f7fcfd22e3f4f840ccece66590d4c38164c1a2a040ad75c0228a44df006d2cff00441b"
    ),
    "YlGn": (
        "00ffffe521f6fcb843d5eea164a6da8b8470c275a13fa95cc1218242df006837ff004529"
    ),
    "PiYG": (
        "008e015219c41a7c33de77ae4df1b7da67fde1ef7ff7f7f799e6f5d0b4b5df82cc7fbc41e64c9121ff276419"
    ),
    "PRGn": (
        "0040004b1a772b84349b72ac4dc3a6cf67e8d5e97ff7f6f784f2f6f19ad7efd1b3a5da9fcc5aae61e61a7736ff00441b"
    ),
    "BrBG": (
        "005430051a8d520b33bf812d4ddfc37e67f6e9c57ff5f5f481f2f4f499c7eae5b37fccc0cc35978fe502675ff5004c42ff003c30"
    ),
    "PuOr": (
        "007f3b081ab4590633e082144dfdb96567fee1b97ff7f7f682f4f4f69ad7d8eab4afa8d0cd7e70abe6532687ff2d004b"
    ),
    "RdGy": (
        "0067001f1ab3192c34d7634f4df4a68366fddbc77ffffefe81fdfdfd9ed9d9d9b4b7b7b7d17c7c7ce9464646ff1a1a1a"
    ),
    "RdBu": (
        "0067001f1ab3192c34d7634f4df4a68366fddbc77ff7f6f683f2f5f69acfe4efb390c4ddcc4393c3e62065abff053061"
    ),
    "RdYlBu": (
        "00a5002619d62f2733f46d434dfdaf6266fee0907ffffebe82fcfec599e0f3f8b3aad8e9ce70a9cfe64574b3ff313695"
    ),
    "RdYlGn": (
        "00a5002619d62f2733f46d434efdb16366fee08b7ffffebe80feffbe99d9ef8bb3a5d86ace60ba62e6199750ff006837"
    ),
    "Spectral": (
        "009e01421ad63f4f33f46d434efdb16366fee08b7ffffebe81fefebd99e6f598b4a7dba4cc66c2a5e53389bde63387bcff5e4fa2"
    ),
    "coolwarm": (
        "003b4cc014536edd25688aef3984a7fc4ea1c0ff60b9d0f971cdd9ec7fdcdddd91edd2c3a4f6bfa6b6f7a889c9f08a6cdfde614d"
        "f0ca3b37f7c0282fffb40426"
    ),
    "bwr": (
        "000000ff7ffefeff80fffefeffff0000"
    ),
    "seismic": (
        "0000004c3f0000fd400101ff7ffdfdff80fffdfdbfff0101c9ec0000ff800000"
    ),
}
QUALITATIVE = {
    "tab10": (
        "1f77b4ff7f0e2ca02cd627289467bd8c564be377c27f7f7fbcbd2217becf"
    ),
    "tab20": (
        "1f77b4aec7e8ff7f0effbb782ca02c98df8ad62728ff98969467bdc5b0d58c564bc49c94e377c2f7b6d27f7f7fc7c7c7bcbd22db"
        "db8d17becf9edae5"
    ),
    "tab20b": (
        "393b795254a36b6ecf9c9ede6379398ca252b5cf6bcedb9c8c6d31bd9e39e7ba52e7cb94843c39ad494ad6616be7969c7b4173a5"
        "5194ce6dbdde9ed6"
    ),
    "tab20c": (
        "3182bd6baed69ecae1c6dbefe6550dfd8d3cfdae6bfdd0a231a35474c476a1d99bc7e9c0756bb19e9ac8bcbddcdadaeb63636396"
        "9696bdbdbdd9d9d9"
    ),
    "Set1": (
        "e41a1c377eb84daf4a984ea3ff7f00ffff33a65628f781bf999999"
    ),
    "Set2": (
        "66c2a5fc8d628da0cbe78ac3a6d854ffd92fe5c494b3b3b3"
    ),
    "Set3": (
        "8dd3c7ffffb3bebadafb807280b1d3fdb462b3de69fccde5d9d9d9bc80bdccebc5ffed6f"
    ),
    "Pastel1": (
        "fbb4aeb3cde3ccebc5decbe4fed9a6ffffcce5d8bdfddaecf2f2f2"
    ),
    "Pastel2": (
        "b3e2cdfdcdaccbd5e8f4cae4e6f5c9fff2aef1e2cccccccc"
    ),
    "Accent": (
        "7fc97fbeaed4fdc086ffff99386cb0f0027fbf5b17666666"
    ),
    "Dark2": (
        "1b9e77d95f027570b3e7298a66a61ee6ab02a6761d666666"
    ),
    "Paired": (
        "a6cee31f78b4b2df8a33a02cfb9a99e31a1cfdbf6fff7f00cab2d66a3d9affff99b15928"
    ),
}
