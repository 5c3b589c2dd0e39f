namespace Actors.Engine.Configuration;

/// <summary>
/// A HOCON file that cannot be used. The message is <c>seed.conf:12:7: what is wrong. What to do.</c>, meant to be
/// shown to the user as it is.
/// </summary>
public sealed class HoconException : Exception
{
    /// <summary>Creates it. A <paramref name="line"/> of 0 means the file as a whole.</summary>
    /// <param name="file">The file as the user knows it.</param>
    /// <param name="line">Line, from 1; or 0.</param>
    /// <param name="column">Column, from 1; or 0.</param>
    /// <param name="problem">What is wrong, what is legal, what to do.</param>
    /// <param name="inner">What was behind it, if anything.</param>
    public HoconException(string file, int line, int column, string problem, Exception? inner = null)
        : base(line > 0 ? $"{file}:{line}:{column}: {problem}" : $"{file}: {problem}", inner)
    {
        File = file;
        Line = line;
        Column = column;
    }

    /// <summary>The file as the user knows it: as it was named on the command line or in an include.</summary>
    public string File { get; }

    /// <summary>Line of the fault, from 1; 0 when the file as a whole is at fault.</summary>
    public int Line { get; }

    /// <summary>Column of the fault in characters, from 1; 0 when the file as a whole is at fault.</summary>
    public int Column { get; }
}
