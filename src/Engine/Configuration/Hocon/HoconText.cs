namespace Actors.Engine.Configuration;

/// <summary>The text of one HOCON file and a position in it. Characters that have no business in it are refused at
/// once, so that what follows need not think of them.</summary>
internal sealed class HoconText
{
    /// <summary>Current at the end of the text; cannot occur in it.</summary>
    public const char End = '\0';

    private const char ByteOrderMark = '\uFEFF';

    private readonly string _text;
    private int _index;
    private int _line = 1;
    private int _column = 1;

    public HoconText(string file, string text)
    {
        File = file;
        _text = text.StartsWith(ByteOrderMark) ? text[1..] : text;
        RefuseStrangeCharacters();
        (_index, _line, _column) = (0, 1, 1);
    }

    public string File { get; }

    public char Current => Peek(0);

    public bool AtEnd => _index >= _text.Length;

    /// <summary>At the start of a comment.</summary>
    public bool AtComment => Current == '#' || At("//");

    public SourcePosition Position => new(File, _line, _column);

    public char Peek(int ahead) => _index + ahead < _text.Length ? _text[_index + ahead] : End;

    public bool At(string expected) => string.CompareOrdinal(_text, _index, expected, 0, expected.Length) == 0;

    public bool Accept(string expected)
    {
        if (!At(expected))
            return false;
        foreach (var _ in expected)
            Take();
        return true;
    }

    public char Take()
    {
        var taken = _text[_index++];
        if (taken == '\n')
            (_line, _column) = (_line + 1, 1);
        else if (!char.IsLowSurrogate(taken))
            _column++;
        return taken;
    }

    /// <summary>Takes characters while they fit.</summary>
    public string TakeWhile(Func<char, bool> fits)
    {
        var start = _index;
        while (!AtEnd && fits(Current))
            Take();
        return _text[start.._index];
    }

    /// <summary>Takes the white space that follows on the line.</summary>
    public string TakeSpaces() => TakeWhile(c => char.IsWhiteSpace(c) && c is not ('\n' or '\r'));

    /// <summary>Passes white space, line ends and comments; tells whether there was a line end.</summary>
    public bool SkipBlank()
    {
        var line = _line;
        while (true)
        {
            TakeWhile(char.IsWhiteSpace);
            if (!AtComment)
                return _line > line;
            TakeWhile(c => c != '\n');
        }
    }

    /// <summary>The character at the position, for an error.</summary>
    public string ShowCurrent() => AtEnd ? "the end of the file" : Current is '\n' or '\r' ? "the end of the line"
        : $"'{(char.IsSurrogate(Current) ? string.Concat(Current, Peek(1)) : Current)}'";

    private void RefuseStrangeCharacters()
    {
        for (; !AtEnd; Take())
        {
            var isStrange = char.IsControl(Current) ? Current is not ('\n' or '\t') && !At("\r\n")
                : Current == ByteOrderMark || (char.IsSurrogate(Current) && !IsPair());
            if (isStrange)
                throw Position.Error($"the character U+{(int)Current:X4} is not legal in a HOCON file. Remove it.");
        }
    }

    // On the low half of a pair, or on the high half with the low half next.
    private bool IsPair() => char.IsLowSurrogate(Current)
        ? _index > 0 && char.IsHighSurrogate(_text[_index - 1])
        : char.IsLowSurrogate(Peek(1));
}
