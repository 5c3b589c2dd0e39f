namespace Actors.Engine.Configuration;

/// <summary>
/// A strict recursive-descent parser of HOCON: what it accepts means what the HOCON specification says, and what it
/// does not understand is an error with its place, never skipped. Depth is bounded, so it cannot overflow the stack,
/// and every step takes at least a character, so it cannot hang.
/// </summary>
/// <remarks>
/// Stricter than the specification in four points: a key with a space needs quotes; <c>//</c> right behind unquoted
/// text is refused, because it would cut a path or a URL short; a missing include is an error; and a key must be one
/// that Akka can look up (not empty, no quote or control character in it).
/// </remarks>
internal sealed class HoconParser
{
    public const int DepthMax = 64;

    private const int KeyLengthMax = 256;
    private const string AfterKey = "Legal: '=', ':', '+=' or '{'";
    private const string NotInText = "$\"{}[]:=,#`^?!@*&\\";

    private readonly HoconText _text;
    private readonly HoconIncludes _includes;
    private readonly IReadOnlyList<string> _prefix;
    private int _depth;

    /// <param name="text">The file.</param>
    /// <param name="includes">Where the files come from that it includes.</param>
    /// <param name="prefix">Where the file is included: the keys from the root.</param>
    /// <param name="depth">How deep the file is included, in keys and lists.</param>
    public HoconParser(HoconText text, HoconIncludes includes, IReadOnlyList<string> prefix, int depth)
    {
        _text = text;
        _includes = includes;
        _prefix = prefix;
        _depth = depth;
    }

    /// <summary>Parses the whole file into <paramref name="root"/>, on top of what is there.</summary>
    public void ParseInto(ObjectNode root)
    {
        _text.SkipBlank();
        var open = _text.Position;
        var hasBraces = _text.Accept("{");
        ParseFields(root, _prefix, hasBraces ? open : null);
        _text.SkipBlank();
        if (!_text.AtEnd)
            throw Unexpected("after the closing '}' of the file", "Remove it, or the braces around the file");
    }

    // Fields up to the closing brace, or to the end of the file when there was no opening one.
    private void ParseFields(ObjectNode target, IReadOnlyList<string> path, SourcePosition? open)
    {
        while (true)
        {
            _text.SkipBlank();
            if (open is not null && _text.Accept("}"))
                return;
            if (_text.AtEnd)
            {
                if (open is { } at)
                    throw at.Error("this '{' is never closed. Add the missing '}'.");
                return;
            }

            ParseField(target, path);
            ParseSeparator(open is null ? HoconText.End : '}');
        }
    }

    private void ParseSeparator(char close)
    {
        var isNewLine = _text.SkipBlank();
        if (_text.Accept(","))
        {
            _text.SkipBlank();
            if (_text.Current == ',')
                throw _text.Position.Error("a second comma with nothing before it. Remove it.");
        }
        else if (!isNewLine && _text.Current != close && !_text.AtEnd)
        {
            throw Unexpected("after a value", close == ']' ? "Legal: a comma, a line break or ']'"
                : close == '}' ? "Legal: a comma, a line break or '}'"
                : "Legal: a comma or a line break; a '}' needs a '{' before it");
        }
    }

    private void ParseField(ObjectNode target, IReadOnlyList<string> path)
    {
        var at = _text.Position;
        if (_text.Current is '}' or ']')
            throw at.Error($"this '{_text.Current}' closes nothing that is open here. Remove it, or open it first.");

        var isInclude = _text.At("include");
        var keys = ParseKeys();
        var spaces = _text.TakeSpaces();
        if (isInclude && keys is ["include"] && !AtAssignment)
        {
            ParseInclude(target, path, at);
            return;
        }

        if (spaces.Length > 0 && IsInText(_text.Current))
            throw Unexpected($"after the key {HoconPath.Join(keys)}", $"{AfterKey}; a key with a space needs quotes");
        _text.SkipBlank();
        Deepen(keys.Count, at);
        target.Assign(keys, ParseAssigned(keys, [.. path, .. keys], at), at);
        _depth -= keys.Count;
    }

    private bool AtAssignment => _text.Current is '=' or ':' or '{' || _text.At("+=");

    private HoconNode ParseAssigned(IReadOnlyList<string> keys, IReadOnlyList<string> path, SourcePosition at)
    {
        var name = HoconPath.Join(keys);
        if (_text.Current == '{')
            return ParseValue(path);
        var isAppend = _text.Accept("+=");
        if (!isAppend && !_text.Accept("=") && !_text.Accept(":"))
            throw Unexpected($"after the key {name}", AfterKey);

        var isNewLine = _text.SkipBlank();
        if (_text.AtEnd || _text.Current is ',' or '}' or ']')
            throw at.Error($"the key {name} has no value. Write one, or \"\" for an empty text.");
        var value = ParseValue(path);
        if (_text.Current is '=' or ':')
        {
            throw isNewLine
                ? at.Error($"the key {name} has no value on its line. Write one, or \"\" for an empty text.")
                : Unexpected("in a text without quotes", "Put quotes around it, or a line break before the next key");
        }

        return isAppend ? new AppendNode(value, at) : value;
    }

    // A path of keys: a."b.c".d
    private List<string> ParseKeys()
    {
        var keys = new List<string>();
        do
        {
            var at = _text.Position;
            var key = _text.Current == '"' ? HoconString.Parse(_text) : _text.TakeWhile(IsInKey);
            if (key.Length == 0)
                throw Unexpected("where a key should be", "A key is letters, digits, '-' and '_', or text in quotes");
            if (key.Length > KeyLengthMax)
                throw at.Error($"a key of {key.Length} characters. Legal: 1 to {KeyLengthMax}.");
            if (key.Any(c => c == '"' || char.IsControl(c)))
                throw at.Error("a key with a quote or a control character in it. Rename it.");
            keys.Add(key);
        }
        while (_text.Accept("."));
        return keys;
    }

    private bool IsInKey(char c) => IsInText(c) && c is not ('.' or '+');

    private bool IsInText(char c) =>
        !char.IsWhiteSpace(c) && !NotInText.Contains(c) && !_text.At("//") && !_text.At("+=");

    // Parts up to the end of the line, a comma or a closing bracket.
    private HoconNode ParseValue(IReadOnlyList<string> path)
    {
        var parts = new List<HoconNode>();
        while (true)
        {
            var at = _text.Position;
            var spaces = _text.TakeSpaces();
            if (_text.AtEnd || _text.AtComment || _text.Current is '\n' or '\r' or ',' or '}' or ']' or '=' or ':')
                break;
            if (spaces.Length > 0)
                parts.Add(new TextNode(spaces, at, IsGap: true));
            parts.Add(ParsePart(path));
        }

        if (parts.Count == 0)
            throw Unexpected("where a value should be", "Put quotes around it if it is text");
        return parts.All(part => part.IsSettled) ? HoconJoin.Join(parts) : new JoinNode(parts, parts[0].Position);
    }

    private HoconNode ParsePart(IReadOnlyList<string> path)
    {
        var at = _text.Position;
        switch (_text.Current)
        {
            case '{':
                return ParseObject(at, path);
            case '[':
                return ParseList(at);
            case '"':
                return new TextNode(HoconString.Parse(_text), at);
            case '$':
                return ParseReference(at);
        }

        var text = _text.TakeWhile(IsInText);
        if (text.Length == 0)
            throw Unexpected("in a text without quotes", "Put quotes around the value");
        if (_text.At("//"))
        {
            throw _text.Position.Error(
                "'//' right behind a text would start a comment. Put quotes around the text, or a space before '//'.");
        }

        return new TextNode(text, at);
    }

    private ObjectNode ParseObject(SourcePosition open, IReadOnlyList<string> path)
    {
        _text.Take();
        var node = new ObjectNode(open);
        ParseFields(node, path, open);
        return node;
    }

    private ListNode ParseList(SourcePosition open)
    {
        _text.Take();
        Deepen(1, open);
        var items = new List<HoconNode>();
        while (true)
        {
            _text.SkipBlank();
            if (_text.Accept("]"))
            {
                _depth--;
                return new ListNode(items, open);
            }

            if (_text.AtEnd)
                throw open.Error("this '[' is never closed. Add the missing ']'.");
            if (_text.Current == '}')
                throw Unexpected($"in the list that {open} opens", "Close the list with ']' first");
            items.Add(ParseValue([]));
            ParseSeparator(']');
        }
    }

    private ReferenceNode ParseReference(SourcePosition at)
    {
        if (!_text.Accept("${"))
            throw at.Error("a '$' that begins no substitution. Write ${key}, or put quotes around the value.");
        var isOptional = _text.Accept("?");
        _text.TakeSpaces();
        var path = ParseKeys();
        _text.TakeSpaces();
        if (!_text.Accept("}"))
            throw Unexpected($"in the substitution that {at} opens", "Legal: ${a.b} or ${?a.b}");
        return new ReferenceNode(_prefix, path, isOptional, at);
    }

    // include "a.conf" | include file("a.conf") | include required("a.conf") | include required(file("a.conf"))
    private void ParseInclude(ObjectNode target, IReadOnlyList<string> path, SourcePosition at)
    {
        var open = 0;
        for (; _text.Accept("required(") || _text.Accept("file("); open++)
            _text.TakeSpaces();
        if (_text.Current != '"')
            throw Unexpected("after include", "Legal: include \"other.conf\" or include file(\"other.conf\")");
        var name = HoconString.Parse(_text);
        for (; open > 0; open--)
        {
            _text.TakeSpaces();
            if (!_text.Accept(")"))
                throw Unexpected("in an include", "Add the missing ')'");
        }

        _includes.ParseInto(target, name, path, _depth, at);
    }

    private HoconException Unexpected(string where, string remedy) =>
        _text.Position.Error($"{_text.ShowCurrent()} {where}. {remedy}.");

    // An object in an object has a key, and an object in a list a list: counting keys and lists bounds every recursion.
    private void Deepen(int levels, SourcePosition at)
    {
        _depth += levels;
        if (_depth > DepthMax)
            throw at.Error($"keys and lists are nested deeper than {DepthMax}. Flatten them.");
    }
}
