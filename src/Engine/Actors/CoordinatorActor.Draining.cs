
namespace Actors.Engine.Actors;

/// <content>The end of the engine: every file is drained, and told of in one report.</content>
internal sealed partial class CoordinatorActor
{
    private void OnDrain(Drain drain)
    {
        if (drain.Deadline < TimeSpan.Zero)
        {
            Refuse(
                drain, Sender, FailureReason.InvalidArgument, $"a deadline of {drain.Deadline} is negative");
        }
        else if (_drained is null)
        {
            BeginDrain();
            AddDrainer(drain);
        }
        else if (_drainers.Count > 0)
        {
            AddDrainer(drain);
        }
        else
        {
            Refuse(drain, Sender, FailureReason.Closing, "the engine is drained already");
        }
    }

    /// <summary>Who drains while the engine drains gets the same report: the application and the end of the actor system
    /// may do so at once. The earliest deadline counts.</summary>
    private void AddDrainer(Drain drain)
    {
        _drainers.Add(Sender);
        var time = drain.Deadline < TimerMax ? drain.Deadline : TimerMax;
        var deadline = Now + (long)time.TotalMilliseconds;
        if (!_drainExpired && deadline < _drainDeadline)
        {
            _drainDeadline = deadline;
            Timers.StartSingleTimer(DrainExpired.Instance, DrainExpired.Instance, time);
        }

        FinishDrainWhenDone();
    }

    private void BeginDrain()
    {
        _drained = [];
        while (_queued.TryDequeue(out var queued))
        {
            Refuse(queued.Open, queued.Client, FailureReason.Closing, "the engine is draining");
        }

        foreach (var (id, file) in _open)
        {
            _drained.Add(id, null);
            file.Actor?.Tell(DrainFile.Instance, Self);
        }
    }

    private void OnFileDrained(FileDrained drained)
    {
        if (_drained?.ContainsKey(drained.Id) == true)
        {
            _drained[drained.Id] = drained.Report;
            FinishDrainWhenDone();
        }
    }

    /// <summary>From here on nothing is waited for that the kernel has not given back.</summary>
    private void OnDrainExpired()
    {
        _drainExpired = true;
        foreach (var shardActor in _shardActors)
        {
            shardActor?.Tell(DrainExpired.Instance, Self);
        }

        _engine.EndWhatIsStuck();
        Timers.StartSingleTimer(ReportsDue.Instance, ReportsDue.Instance, ReportPatience);
        FinishDrainWhenDone();
    }

    /// <summary>A file that has said nothing by now is opening, or its shard's thread does not come round.</summary>
    private void OnReportsDue()
    {
        foreach (var (id, file) in _open)
        {
            _drained![id] ??= new DrainedFile(file.Path, 0, 0, false);
        }

        FinishDrainWhenDone();
    }

    private void FinishDrainWhenDone()
    {
        if (_drainers.Count > 0 && _drained!.Values.All(report => report is not null)
            && (_open.Count == 0 || _drainExpired))
        {
            Timers.CancelAll();
            DrainedFile[] files = [.. _drained.OrderBy(d => d.Key).Select(d => d.Value!)];
            foreach (var drainer in _drainers)
            {
                _engine.Tell(drainer, new Drained(files), Self);
            }

            _drainers.Clear();
            LogLoss(files);
        }
    }

    private void LogLoss(DrainedFile[] files)
    {
        if (Array.Find(files, file => !file.Finished || file.Unacknowledged > 0) is { } first)
        {
            _engine.Telemetry.Log.DrainedWithLoss(
                files.Count(file => !file.Finished), files.Sum(file => file.Unacknowledged), first.Path);
        }
    }
}
