"""What stands in front of the pages where a class is served (`serve.py`): who is let in, what a browser may do, how it is going.

base       where the server's addresses begin
door       which requests are answered at all
card       what a link says of itself where it is posted
bundles    Streamlit's scripts and styles, compressed once
picture    draws the picture of that
headers    what a browser is told to refuse
health     whether the server is alive, and ready
metrics    numbers for whoever hosts it
alive      whether it is alive, for a container
life       what happens when the server begins and when it ends
"""
