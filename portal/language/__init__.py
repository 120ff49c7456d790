"""What the portal understands of citizens' words: tone, and the spelling of Palembang, slang
and neighbours.
"""
