namespace Actors.Adversary.Model;

/// <summary>What a command of a run does to a file.</summary>
internal enum MixedKind
{
    /// <summary>Bytes at the end.</summary>
    Append,

    /// <summary>Bytes at a position.</summary>
    Write,

    /// <summary>The length is set.</summary>
    Truncate,
}

/// <summary>A command of a run, and what was told of it.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Offset">Where it writes, or the length that it sets.</param>
/// <param name="Data">What it writes.</param>
internal sealed record MixedCommand(MixedKind Kind, long Offset, byte[] Data)
{
    /// <summary>Bytes of it that are in the file, or 1 for a length that was set.</summary>
    public long Done { get; private set; }

    /// <summary>It may still be performed.</summary>
    public bool IsUnfinished { get; private set; }

    /// <summary>Its outcome.</summary>
    public void Tell(bool isDone, long bytesDone, bool isUnfinished)
    {
        Done = Kind == MixedKind.Truncate ? isDone ? 1 : 0 : isDone ? Data.Length : bytesDone;
        IsUnfinished = isUnfinished;
    }
}

/// <summary>
/// Commands to one file that are sent one after the other with none of them awaited: appends, writes at positions within
/// the file, across its end and beyond it, and lengths. The file is then as if they had been performed in the order of
/// their sending: writes at positions of one run do not overlap, for they may change places with each other, also past a
/// length between them that is taken back.
/// </summary>
/// <param name="content">Of the file, before the run.</param>
/// <param name="dice">Draws the commands.</param>
/// <param name="data">Bytes that nobody else writes, of a length.</param>
internal sealed class MixedRun(ContentModel content, Random dice, Func<int, byte[]> data)
{
    private const int LengthMax = 400_000;
    private const int Gap = 30_000;

    private readonly List<MixedCommand> _commands = [];
    private readonly List<(long Start, long End)> _taken = [];
    private long _end = content.Length;

    /// <summary>Whether some command may still be performed: nobody knows then what is in the file.</summary>
    public bool IsUnfinished => _commands.Any(command => command.IsUnfinished);

    /// <summary>The next command.</summary>
    public MixedCommand Next()
    {
        var command = _end > LengthMax ? Truncate(LengthMax / 8) : dice.Next(20) switch
        {
            < 10 => new MixedCommand(MixedKind.Append, 0, data(Length())),
            < 19 => Write(Length()),
            _ => Truncate((int)Math.Min(LengthMax, _end + Gap)),
        };
        _end = command.Kind switch
        {
            MixedKind.Append => _end + command.Data.Length,
            MixedKind.Write => Math.Max(_end, command.Offset + command.Data.Length),
            _ => command.Offset,
        };
        _commands.Add(command);
        return command;
    }

    /// <summary>All have been told, and none is unfinished: the content is known.</summary>
    public void Settle()
    {
        foreach (var command in _commands)
        {
            switch (command)
            {
                case { Kind: MixedKind.Truncate, Done: > 0 }:
                    content.Truncated(command.Offset);
                    break;
                case { Kind: not MixedKind.Truncate }:
                    content.Wrote(
                        command.Kind == MixedKind.Append ? content.Length : command.Offset,
                        command.Data.AsSpan(0, (int)command.Done));
                    break;
            }
        }

        _commands.Clear();
        _taken.Clear();
    }

    private int Length() => dice.Next(12) switch
    {
        < 8 => dice.Next(Stamp.LengthMin, 600),
        < 11 => dice.Next(600, 12_000),
        _ => dice.Next(12_000, 60_000),
    };

    private MixedCommand Write(int length)
    {
        var offset = dice.Next(6) switch
        {
            0 => dice.NextInt64(_end + 1),
            1 => Math.Max(0, _end - dice.Next(length)),
            2 or 3 => _end,
            _ => _end + dice.Next(Gap),
        };
        if (_taken.Any(other => offset < other.End && other.Start < offset + length))
        {
            offset = Math.Max(_end, _taken.Max(other => other.End));
        }

        _taken.Add((offset, offset + length));
        return new MixedCommand(MixedKind.Write, offset, data(length));
    }

    private MixedCommand Truncate(int lengthMax) => new(MixedKind.Truncate, dice.Next(lengthMax), []);
}
