using Actors.Engine;

namespace Actors.Reliability.Soak.Load;

/// <summary>
/// What one client has unanswered of one file. Each answer must be for something that is: an answer to nothing, a
/// second one and one out of order are breaches, and so is what is left at the end. For one thread at a time.
/// </summary>
/// <param name="counts">Where everything is added up.</param>
/// <param name="who">Names the client in a breach.</param>
/// <param name="each">Whether every append has an answer of its own.</param>
internal sealed class CommandLedger(SoakCounts counts, string who, bool each)
{
    private readonly Dictionary<long, FileCommand> _byToken = [];
    private readonly LinkedList<Write> _appends = new();
    private readonly List<long> _cancels = [];
    private FileCommand? _ending;

    /// <summary>Commands that are unanswered.</summary>
    public int Open => _byToken.Count + _appends.Count + _cancels.Count + (_ending is null ? 0 : 1);

    /// <summary>Bytes that they hold.</summary>
    public long OpenBytes { get; private set; }

    /// <summary>What is unanswered, for people.</summary>
    public string Describe() => string.Join(
        ", ",
        _byToken.Values.Concat(_appends).Append(_ending).OfType<FileCommand>().Take(3).Select(c => c.GetType().Name));

    /// <summary>A command goes out.</summary>
    public void Sent(FileCommand command)
    {
        counts.CountSent();
        OpenBytes += command.QueuedBytes;
        switch (command)
        {
            case Write { Offset: Write.Append } append:
                _appends.AddLast(append);
                break;
            case Cancel cancel:
                _cancels.Add(cancel.Token);
                break;
            case Close or Abort:
                _ending = command;
                break;
            default:
                _byToken.Add(TokenOf(command), command);
                break;
        }
    }

    /// <summary>An answer comes in.</summary>
    /// <returns>The commands that it answers, in order.</returns>
    public IReadOnlyList<FileCommand> Answered(object answer)
    {
        IReadOnlyList<FileCommand> covered = answer switch
        {
            Written written => TakeWritten(written),
            DataRead read => TakeToken<Read>(read.Token),
            Synced synced => TakeToken<Sync>(synced.Token),
            Truncated truncated => TakeToken<Truncate>(truncated.Token),
            Allocated allocated => TakeToken<Allocate>(allocated.Token),
            FileStatResult stat => TakeToken<StatFile>(stat.Token),
            DemandMet met => TakeToken<Demand>(met.Token),
            WholeFile whole => TakeToken<ReadAll>(whole.Token),
            Cancelled cancelled => TakeCancel(cancelled.Token),
            Closed or Aborted => TakeEnding(),
            CommandFailed { Command: FileCommand command } failed => TakeFailed(failed, command),
            _ => [],
        };
        if (covered.Count == 0)
        {
            counts.Breach($"{who}: an answer to nothing: {answer}");
        }

        foreach (var command in covered)
        {
            OpenBytes -= command.QueuedBytes;
        }

        counts.CountAnswered(covered.Count);
        return covered;
    }

    private FileCommand[] TakeWritten(Written written)
    {
        if (_byToken.Remove(written.LastToken, out var positional))
        {
            return [positional];
        }

        if (written.Count > _appends.Count || (each && written.Count != 1))
        {
            return [];
        }

        var covered = new FileCommand[written.Count];
        var bytes = 0L;
        for (var i = 0; i < covered.Length; i++)
        {
            var append = _appends.First!.Value;
            _appends.RemoveFirst();
            bytes += append.Data.Length;
            covered[i] = append;
        }

        if (TokenOf(covered[^1]) != written.LastToken || bytes != written.Bytes)
        {
            counts.Breach($"{who}: {written} does not cover the oldest appends");
        }

        return covered;
    }

    private FileCommand[] TakeToken<T>(long token)
        where T : FileCommand =>
        _byToken.TryGetValue(token, out var command) && command is T && _byToken.Remove(token) ? [command] : [];

    private FileCommand[] TakeCancel(long token) => _cancels.Remove(token) ? [new Cancel(token)] : [];

    private FileCommand[] TakeEnding()
    {
        var ending = _ending;
        _ending = null;
        return ending is null ? [] : [ending];
    }

    private FileCommand[] TakeFailed(CommandFailed failed, FileCommand command)
    {
        counts.CountFailure(failed.Reason);
        return command switch
        {
            Write { Offset: Write.Append } append => Remove(append) ? [command] : [],
            Cancel cancel => TakeCancel(cancel.Token),
            Close or Abort => TakeEnding(),
            _ => _byToken.Remove(TokenOf(command)) ? [command] : [],
        };
    }

    /// <summary>By identity: two writes of the same bytes are equal, as records are.</summary>
    private bool Remove(Write append)
    {
        for (var node = _appends.First; node is not null; node = node.Next)
        {
            if (ReferenceEquals(node.Value, append))
            {
                _appends.Remove(node);
                return true;
            }
        }

        return false;
    }

    private static long TokenOf(FileCommand command) => command switch
    {
        Write write => write.Token,
        Read read => read.Token,
        Sync sync => sync.Token,
        Truncate truncate => truncate.Token,
        Allocate allocate => allocate.Token,
        StatFile stat => stat.Token,
        Demand demand => demand.Token,
        ReadAll readAll => readAll.Token,
        _ => throw new ArgumentException($"{command} has no token", nameof(command)),
    };
}
