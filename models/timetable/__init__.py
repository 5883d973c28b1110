"""Linear programs over shifts: the weekly timetable of plans, and the optimum that plans are measured against."""
