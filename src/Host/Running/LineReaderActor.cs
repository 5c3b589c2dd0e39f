using Actors.Engine;
using Actors.Host.Content;
using Akka.Actor;

namespace Actors.Host.Running;

/// <summary>
/// Reads a file in batches of whole lines, a few asked for ahead, counts the lines and digests the bytes. A batch's
/// buffer goes back to the engine before the next message is looked at.
/// </summary>
internal sealed class LineReaderActor : ProducerActor
{
    private const int Demands = 2;
    private const int BatchesPerDemand = 2;

    private ContentDigest _digest;
    private bool _atEnd;

    public LineReaderActor(FileJob job)
        : base(job)
    {
    }

    protected override ulong Digest => _digest.Value;

    protected override Open OpenCommand() =>
        new(Job.Plan.PathOf(Job.File), OpenMode.Read, new OpenOptions { Shard = Job.Shard });

    protected override void OnOpened(Opened opened)
    {
        for (var i = 0; i < Math.Min(Demands, opened.Credits); i++)
        {
            Ask();
        }
    }

    protected override bool OnData(object message)
    {
        switch (message)
        {
            case LineBatch batch:
                Take(batch);
                return true;
            case DemandMet met:
                Unanswered--;
                _atEnd |= met.EndOfFile;
                if (_atEnd || !MaySend)
                {
                    FinishWhenIdle();
                }
                else
                {
                    Ask();
                }

                return true;
            default:
                return false;
        }
    }

    private void Take(LineBatch batch)
    {
        var bytes = batch.Memory;
        var lines = batch.CountLines();
        _digest.Append(bytes.Span);
        Bytes += bytes.Length;
        Units += lines;
        batch.Dispose();
        Job.Progress.Add(lines);
    }

    private void Ask()
    {
        Unanswered++;
        File.Tell(new Demand(BatchesPerDemand, DemandUnit.Lines), Me);
    }
}
