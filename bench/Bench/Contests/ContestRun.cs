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
            await EnterAsync(lane, toolbox, cancellation);
        }

        for (var round = 0; round < _scale.Rounds; round++)
        {
            for (var turn = 0; turn < _lanes.Count; turn++)
            {
                var lane = _lanes[(round + turn) % _lanes.Count];
                if (lane.Status == ContestantStatus.Ran)
                {
                    await RunAsync(lane, round, cancellation);
                }
            }
        }

        return new ContestResult(
            _contest.Name,
            _contest.Summary,
            _contest.Metric,
            _contest.Reference,
            [.. _lanes.Select(l => l.Result())]);
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
        try
        {
            _note($"{_contest.Name}: {lane.Contestant.Name} gets ready");
            lane.Contestant.Work.Prepare(lane.Directory);
            lane.Entry = await lane.Contestant.EnterAsync(
                new Entrance(toolbox, _contest.Name, lane.Directory, _scale.IsBrief), cancellation);
        }
        catch (PeerMissingException e)
        {
            lane.End(ContestantStatus.Skipped, e.Message);
            _note($"{_contest.Name}: {lane.Contestant.Name} is skipped: {e.Message}");
        }
        catch (ContestantException e)
        {
            await FailAsync(lane, e.Message);
        }
    }

    private async Task RunAsync(Lane lane, int round, CancellationToken cancellation)
    {
        try
        {
            lane.Contestant.Work.Prepare(lane.Directory);
            var measurement = await lane.Entry!.RunAsync(cancellation);
            var files = Path.Combine(lane.Directory, lane.Contestant.FilesBelow);
            if (lane.Contestant.Work.FindFault(files, measurement) is { } fault)
            {
                await FailAsync(lane, $"WRONG RESULT: {fault}");
                return;
            }

            lane.Contestant.Work.CleanUp(lane.Directory);
            lane.Rounds.Add(measurement);
            var value = Reporting.Numbers.Short(_contest.Metric.Of(measurement));
            _note($"{_contest.Name}: round {round + 1}, {lane.Contestant.Name}: {value} {_contest.Metric.Name}");
        }
        catch (ContestantException e)
        {
            await FailAsync(lane, e.Message);
        }
    }

    private async Task FailAsync(Lane lane, string reason)
    {
        lane.End(ContestantStatus.Failed, reason);
        _note($"{_contest.Name}: {lane.Contestant.Name} FAILED: {reason}");
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
