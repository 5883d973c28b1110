"""From an agency's incidents to signed, explained models: import, count, train, export, evaluate.

Headquarters' and the trainer's side: nothing here is installed for, or imported by, a vehicle.
"""
