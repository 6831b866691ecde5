@_exported import DescentDatasets
@_exported import DescentFormats
@_exported import DescentNetworks
@_exported import DescentTensors
@_exported import DescentTraining
