using Actors.Engine;
using Akka.Actor;

namespace Actors.Simulation.Checking;

/// <summary>An open file, as its clients see it.</summary>
internal sealed class Handle(FileModel model, IActorRef file, Client opener, Open open, Opened opened)
{
    private readonly List<Sent> _unanswered = [];

    public FileModel Model { get; } = model;

    public IActorRef File { get; } = file;

    public Client Opener { get; } = opener;

    public OpenMode Mode { get; } = open.Mode;

    public bool IsCumulative { get; } = open.Options?.Acknowledge == AcknowledgeMode.Cumulative;

    public Durability Durability { get; } = open.Options?.Durability ?? Durability.None;

    public bool HasTimeout { get; } = open.Options?.OperationTimeout > TimeSpan.Zero;

    /// <summary>Sent and not answered, oldest first.</summary>
    public IReadOnlyList<Sent> Unanswered => _unanswered;

    /// <summary>A close, abort or stop of it was sent, or one of the engine.</summary>
    public bool IsEnding { get; set; }

    /// <summary>It has said that it is not open any more.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Its actor was stopped, or may be: what is in the kernel then may still be performed.</summary>
    public bool MayBeStopped { get; set; }

    /// <summary>A handler of its actor was made to throw.</summary>
    public bool MayCrash { get; set; }

    /// <summary>It answered that a sync had failed.</summary>
    public bool IsPoisoned { get; set; }

    /// <summary>How far sequential reading has come.</summary>
    public long Position { get; set; }

    /// <summary>Batches that have come for the demand under way.</summary>
    public int Batches { get; set; }

    public int Succeeded { get; private set; }

    /// <summary>True when one more command of a size keeps to the credits.</summary>
    public bool HasCredit(int bytes) => _unanswered.Count < opened.Credits
        && (_unanswered.Count == 0 || Bytes + bytes <= opened.CreditBytes);

    private int Bytes => _unanswered.Sum(sent => ((FileCommand)sent.Command).QueuedBytes);

    public void Send(Sent sent) => _unanswered.Add(sent);

    public void Answer(Sent sent)
    {
        _unanswered.Remove(sent);
        Succeeded += sent.Failure is null ? 1 : 0;
    }
}
