"""«Leer este equipo»: what the PC at hand says about itself, without extra rights and without the network.

Calls into the system (``windows``, ``linux``) only collect; what their answers mean is told by plain functions, which
are tested with answers of real machines.
"""
