"""Types of adapter that peft lacks, in peft's own file format. Importing this package registers them: a script that loads such an adapter
needs `import afina.tuners` and nothing else of afina. One file a type; each ends with its registration."""

from afina.tuners import bottleneck as bottleneck
from afina.tuners.layer import AdapterLayer as AdapterLayer
from afina.tuners.tuner import rows_by as rows_by
