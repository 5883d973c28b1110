"""The risk of every box for a shift: numpy, onnxruntime and the standard library; runs in the car and in training."""
