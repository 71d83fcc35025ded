"""What is counted: money, points, pieces; accounts, their entries, lots and holds."""
