using Actors.Bench.Reporting;
using Actors.Bench.Tools;

namespace Actors.Bench.Contests;

/// <summary>
/// Runs a contest: everyone is made ready first, then each round runs everyone once, one after the other, with another
/// one first each time; so what the machine does meanwhile hits all of them alike.
/// </summary>
internal sealed class ContestRun : IAsyncDisposable
{
    private readonly Contest _contest;
    private readonly string _directory;
    private readonly Action<string> _note;
    private readonly Scale _scale;
    private readonly List<Lane> _lanes;

    /// <param name="contest">What is to be run.</param>
    /// <param name="directory">Where all the files go.</param>
    /// <param name="scale">How much is done.</param>
    /// <param name="note">Takes a line of progress.</param>
    public ContestRun(Contest contest, string directory, Scale scale, Action<string> note)
    {
        _contest = contest;
        _scale = scale;
        _directory = Path.Combine(directory, contest.Name);
        _note = note;
        _lanes = [.. contest.Contestants.Select(c => new Lane(c, c.Work.DirectoryOf(_directory, c.Name)))];
    }

    /// <summary>Runs it.</summary>
    public async Task<ContestResult> RunAsync(Toolbox toolbox, CancellationToken cancellation)
    {
        foreach (var lane in _lanes)
        {
            await TryAsync(lane, () => EnterAsync(lane, toolbox, cancellation));
        }

        for (var round = 0; round < _scale.Rounds; round++)
        {
            for (var turn = 0; turn < _lanes.Count; turn++)
            {
                var lane = _lanes[(round + turn) % _lanes.Count];
                if (lane.Status == ContestantStatus.Ran)
                {
                    var number = round + 1;
                    await TryAsync(lane, () => RunAsync(lane, number, cancellation));
                }
            }
        }

        return new ContestResult(_contest, [.. _lanes.Select(l => l.Result())]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
        {
            await lane.LeaveAsync();
        }

        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private async Task EnterAsync(Lane lane, Toolbox toolbox, CancellationToken cancellation)
    {
        _note($"{_contest.Name}: {lane.Contestant.Name} gets ready");
        lane.Contestant.Work.Prepare(lane.Directory);
        lane.Entry = await lane.Contestant.EnterAsync(
            new Entrance(toolbox, _contest.Name, lane.Directory, _scale.IsBrief), cancellation);
    }

    private async Task RunAsync(Lane lane, int round, CancellationToken cancellation)
    {
        var (name, work) = (lane.Contestant.Name, lane.Contestant.Work);
        work.Prepare(lane.Directory);
        var measurement = await lane.Entry!.RunAsync(cancellation);
        var files = Path.Combine(lane.Directory, lane.Contestant.FilesBelow);
        if (work.FindFault(files, measurement) is { } fault)
        {
            throw new ContestantException($"WRONG RESULT: {fault}");
        }

        work.CleanUp(lane.Directory);
        lane.Rounds.Add(measurement);
        var value = Numbers.Short(_contest.Metric.Of(measurement));
        _note($"{_contest.Name}: round {round}, {name}: {value} {_contest.Metric.Name}");
    }

    /// <summary>Whoever cannot take part, or does not do the work, is out; the others go on.</summary>
    private async Task TryAsync(Lane lane, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (PeerMissingException e)
        {
            await EndAsync(lane, ContestantStatus.Skipped, e.Message);
        }
        catch (ContestantException e)
        {
            await EndAsync(lane, ContestantStatus.Failed, e.Message);
        }
    }

    private async Task EndAsync(Lane lane, ContestantStatus status, string reason)
    {
        var word = status == ContestantStatus.Failed ? "FAILED" : "skipped";
        _note($"{_contest.Name}: {lane.Contestant.Name} {word}: {reason}");
        lane.End(status, reason);
        await lane.LeaveAsync();
    }

    /// <summary>One contestant's way through the contest.</summary>
    private sealed class Lane(Contestant contestant, string directory)
    {
        private string? _reason;

        public Contestant Contestant { get; } = contestant;

        public string Directory { get; } = directory;

        public IEntry? Entry { get; set; }

        public ContestantStatus Status { get; private set; } = ContestantStatus.Ran;

        public List<Measurement> Rounds { get; } = [];

        public void End(ContestantStatus status, string reason)
        {
            Status = status;
            _reason = reason;
        }

        public async Task LeaveAsync()
        {
            if (Entry is not null)
            {
                await Entry.DisposeAsync();
                Entry = null;
            }
        }

        public ContestantResult Result() =>
            new(Contestant.Name, Contestant.IsOurs, Status, _reason, Rounds);
    }
}
