"""How the embedded base model afina-nano is made: text, tokenizer, recipe. Nothing here is needed to use afina."""
