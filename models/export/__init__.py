"""From a trained model to the file a car runs: ONNX, self-test rows, model card."""
