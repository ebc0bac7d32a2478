"""What happens between the desk and each panel: state in, intents out, one flow a subject."""
