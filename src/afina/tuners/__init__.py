"""Types of adapter that peft lacks, in peft's own file format. Importing this package registers them: a script that loads such an adapter
needs `import afina.tuners` and nothing else of afina. One file a type; each ends with its registration."""

from afina.tuners import adamix as adamix
from afina.tuners import attention_fusion as attention_fusion
from afina.tuners import bottleneck as bottleneck
from afina.tuners import compacter as compacter
from afina.tuners import encoded_prompt as encoded_prompt
from afina.tuners import fusion as fusion
from afina.tuners import gated_prompt as gated_prompt
from afina.tuners import intrinsic_prompt as intrinsic_prompt
from afina.tuners import kronecker as kronecker
from afina.tuners import ladder_side as ladder_side
from afina.tuners import lets as lets
from afina.tuners import prefix as prefix
from afina.tuners import prompt as prompt
from afina.tuners import rescaling as rescaling
from afina.tuners import started_lora as started_lora
from afina.tuners import vectors as vectors
from afina.tuners import warp as warp
from afina.tuners.layer import AdapterLayer as AdapterLayer
from afina.tuners.tuner import rows_by as rows_by
