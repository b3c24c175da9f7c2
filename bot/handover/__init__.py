"""What is handed over: a tip as a sheet that an officer can file, its evidence, and sums of every file.

Rule: the same tip gives the same bytes. Nothing here asks a clock, a database or a platform; what a guide says
(legal bases, where to) is the operator's to correct without code.
"""
