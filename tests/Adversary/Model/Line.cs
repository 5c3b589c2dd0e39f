namespace Actors.Adversary.Model;

/// <summary>What is known of a line that somebody appends.</summary>
internal enum LineState
{
    /// <summary>Its call has not ended: any part from the start may be there, now or later.</summary>
    Pending,

    /// <summary>So many bytes from its start are there: all, none, or those that a failure told.</summary>
    Settled,

    /// <summary>Its call ended without the kernel: as pending.</summary>
    Unfinished,
}

/// <summary>A line on its way into a log, and what was told of it.</summary>
internal sealed class Line(int client, int sequence, int length, long begun)
{
    private byte[]? _bytes;

    public int Client => client;

    public int Sequence => sequence;

    public int Length => length;

    /// <summary>When its call was made, in steps of the world.</summary>
    public long Begun => begun;

    public byte[] Bytes => _bytes ??= Stamp.Bytes(client, sequence, length);

    public LineState State { get; private set; }

    /// <summary>Bytes that are there at least.</summary>
    public int Done { get; private set; }

    /// <summary>May be gone for what a neighbour did to the file.</summary>
    public bool MayBeLost { get; set; }

    /// <summary>Set when the order of its writer's lines says nothing about its place.</summary>
    public bool HasNoOrder { get; set; }

    public bool IsWhole => State == LineState.Settled && Done == length;

    /// <summary>So many bytes are there, and no more will come.</summary>
    public void Settle(long done) => (State, Done) = (LineState.Settled, (int)Math.Clamp(done, 0, length));

    /// <summary>So many bytes are there at least, and more may come.</summary>
    public void LeaveUnfinished(long done) =>
        (State, Done, HasNoOrder) = (LineState.Unfinished, (int)Math.Clamp(done, 0, length), true);

    public override string ToString() => $"line {client:x4}.{sequence:x6} of {length} bytes, {State} with {Done}";
}
