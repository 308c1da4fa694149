def documents(bench): pass
def identities(bench): pass
