"""How delivery works, for whoever uses the window: short, in the words that the window itself has."""

TITLE = "How delivery works"
SECTIONS = (
    (
        "A message can wait for its moment",
        "Choose above the message when it may arrive: now, when somebody is online, when they are available, when they"
        " are not angry, or whatever you put together under “Custom…”. The line below says whether that is so at this"
        " moment, and the button says what it will do.",
    ),
    (
        "Who keeps it meanwhile",
        "Your office's engine does. You can close the window or go home: the message goes as soon as everything you"
        " asked for is true and the other person is online. “Now” is the same, with nothing asked for but that they"
        " are online.",
    ),
    (
        "While it waits",
        "It stands under the conversation and in the list of waiting messages. You can send it now, edit it or"
        " withdraw it. While you edit it, it does not leave. Once it has left, it is too late for that.",
    ),
    (
        "When its time is over",
        "“Valid for” says how long it waits, at most 30 days. What has not arrived by then is deleted and you are told;"
        " or it comes back to your drafts, or goes as soon as the other is online, if you chose that.",
    ),
    (
        "What the other person sees",
        "An ordinary message. If it had to wait, it says when it was written and when it was delivered. It never says"
        " what it waited for; that is known to you alone.",
    ),
    (
        "Tell me when",
        "Instead of sending a message you can ask to be told once: when somebody is available, for instance. Only you"
        " learn of it: nobody else knows that you asked, or that you were told.",
    ),
    (
        "What others see of you",
        "Under “Privacy” you say for each thing who may see it, and whether others may wait for it. Who may not see"
        " your mood cannot wait for it, and is told that you do not share it, not why. Who is blocked sees you as"
        " offline.",
    ),
    (
        "When you are busy",
        "While you are Discreet or Not available, messages arrive without a sound, except from people you always want"
        " to be notified of. With “Until” you say when that ends: then you are as you were before, and what waited"
        " for that arrives.",
    ),
    (
        "After some minutes without a key or a move of the mouse",
        "You are shown as idle to those who may see it. Nothing that you chose is changed by that.",
    ),
)
