"""Things that people ask a chat, and short questions of common words that are about a subject: one a line, as they are said."""

CAPABILITIES = """
What can you do? / what can you do for me / What exactly can you do? / tell me what you can do / what are you able to answer
What are your features? / what are your capabilities / what can you help me with / Can you answer questions about my file?
What can I ask you? / What kind of questions can I ask? / give me some example questions / what do you know about
How do I use this chat? / How can I use you? / what should I ask / What would you suggest I ask?
Who are you? / What are you? / Introduce yourself / Tell me about yourself / Who are you and what can you do?
Who am I talking to? / Are you human? / are you artificial intelligence? / is this a bot / what kind of assistant are you
How do you work? / can you explain how you work? / What is this app for? / what languages do you speak
What files are loaded? / I need help
"""

SUMMARY = """
What is this document about? / What are these documents about? / tell me what this document is about / what's the article about?
Explain what this document is about / can you give me an idea of what it's about? / What's the document about, in short?
Summarise it / Summarize this document / Could you please summarize the article for me? / summarize everything / sum up the text
Could you summarize this text in a few sentences? / condense the text into a few sentences / boil it down for me / recap please
Give me a summary / I'd like a summary of this document / I need a quick summary / Provide an executive summary
Give me an overview of the document / Please provide a brief overview. / give a short description of the document
What are the main points? / Summarize the key points / what are the most important points in the text? / key takeaways please
What are the main takeaways from this article? / Can you give me the main ideas? / What would you say is the main point?
what is the central message of this paper / what does the author want to say? / What is the purpose of this document?
What does this document say? / what is in the document / what information is in this document / Explain this document to me
what have I uploaded? / what does it all boil down to / Give me the gist
"""

TOPICS = """
What topics are covered? / Which topics does this document cover? / Tell me which topics the document covers / list the topics
Can you list the topics of the document? / Please list all topics covered in the document / What subjects are discussed?
what kind of topics does the document talk about? / what things does this document talk about / What are the main topics
Which sections are there? / What sections does the document have? / list all sections / name the sections / list chapters
What are the main sections? / what are the section headings / show me all the headings / What chapters does the book have?
Table of contents / Can I see the table of contents? / What's on the table of contents? / give me the outline of the document
How is the document structured? / How is it organised? / What areas does the document cover? / what's covered in this document?
Which topics can I ask about?
"""

MORE = """
Tell me more / Could you tell me a bit more? / please tell me more about this / tell me more about that / Can you say more?
More details please / Can you give me more details on that? / I want more details / any other details? / more info
Go into more detail / Could you explain that in more detail? / Can you go deeper into that? / Can you elaborate?
What else? / Anything else? / what else should I know? / What else do we know? / Is there anything else about it?
what more can you tell me? / what else does the document say about it / tell me everything else / Anything more on that?
Go on / please go on / carry on / continue please / is that everything? / I'd love to hear more / expand on that please
Is there any more to it?
"""

SOURCE = """
Show me the source / What are your sources? / What is your source for that? / What's the source of this information?
Where does it say that? / Where exactly does it say that? / Could you show me where it says that? / where is that stated?
Where did you get that from? / Where did you find that? / Show me where you got that / where does this information come from
Which passage? / Which page says that? / Which paragraph is this from? / which document is that from? / what line is that from
which sentence says this / Which part of the text is that from? / where in the text is this mentioned?
Show me the exact passage / Can you point me to the passage? / Show the quote in context / Give me the exact quote / quote it
Can you cite that? / Cite your source / Give me the reference / Do you have a reference for that? / citation needed
What's the evidence for that? / prove it / Can you back that up? / what is this based on? / Where can I read that?
how do you know that
"""

CERTAINTY = """
Are you sure? / Are you sure about that? / Are you absolutely certain? / you're sure about that? / Are you sure that's right?
How certain are you? / How sure are you about this answer? / How confident are you? / Are you confident about that?
Is that true? / Is that really true? / is this correct? / Is your answer correct? / is this information correct?
Is this accurate? / How reliable is that? / How likely is that to be correct? / can i rely on this answer? / Can I believe this?
can you verify that? / that doesn't sound right / That seems wrong / You're wrong / I'm not so sure about that
Do you really think so? / I find that hard to believe / what are the odds that's wrong? / how do you know that's true?
did you make that up? / could you be wrong?
"""

OF_A_SUBJECT = """
Why is that? / Why did this happen? / Why is that important? / How did that work out? / How does it work? / How did it start?
What is it used for? / What is it made of? / What is it called? / What does it mean? / What does that mean? / What does it do?
What was it about? / What was that about? / What was the idea behind it? / Where did the idea come from? / Where is it from?
Where does it come from? / Where did the name come from? / Where can I find it? / Where is that located? / Where was it found?
Who said that? / Who stated this? / Who made it? / Who found it? / Who wrote it? / Who is the author? / Who can use it?
When was that? / When was it written? / When does it come next? / What happened next? / What came of it? / What comes first?
What kinds are there? / What other kinds are there? / What other issues were there? / What other things were found?
Which ones are important? / Which one is better? / What are the other parts? / What are the types? / What are examples of it?
Is it possible? / Is it important? / Is it good? / Is this a positive thing? / Is it right for me? / Is it safe?
Was it true? / Was it really so good? / Did it work? / Did it help? / Did anyone find out? / Does it help with that?
How many are there? / How likely is it? / How long does it take? / How much is it? / How often? / How reliable is it?
What do others say? / What did they find? / What did the paper show? / What did this model show? / What was the language?
What explanation did it give? / What is the evidence of it? / What is the main part? / What is the first section for?
Can I use it at home? / Do I need it? / How do I use it? / What do I need? / What should I do first? / Can you give an example?
Can others see my information? / Do you use my information? / What information do you have about me? / Is my information safe?
Give me an example / Name the types / List the parts / Show me the kinds / What if it is wrong? / who is right
What about the other one? / the second one / and the other kind? / tell me about the first one / where is the table found
"""
