namespace Actors.Engine.Configuration;

/// <summary>
/// One key of an object: its assignments in order, as far as they still matter. A later text or list replaces what was
/// before, objects merge; what a substitution does is only known when it is resolved, so it stays in the list.
/// </summary>
internal sealed class HoconField
{
    public List<HoconNode> Assignments { get; } = [];

    /// <summary>Where the key was last assigned.</summary>
    public SourcePosition Position { get; private set; }

    /// <summary>The object that this certainly is, when no substitution has a say in it.</summary>
    public ObjectNode? OnlyObject => Assignments is [ObjectNode node] ? node : null;

    /// <summary>True once something else than an object was assigned: what an earlier definition of the key had, in an
    /// object that this one's object is merged into, is gone.</summary>
    public bool HidesEarlier { get; set; }

    /// <summary>Set while it is resolved: meeting it again then is a cycle.</summary>
    public bool IsResolving { get; set; }

    public bool IsResolved { get; set; }

    /// <summary>The value; null when only absent optional substitutions were assigned.</summary>
    public HoconNode? Value { get; set; }

    public void Assign(HoconNode value, SourcePosition at)
    {
        Position = at;
        if (value is ObjectNode added && Assignments is [.., ObjectNode last])
        {
            last.Absorb(added);
            return;
        }

        if (value is TextNode or ListNode || (value is ObjectNode && Assignments is [.., TextNode or ListNode]))
            Assignments.Clear();
        HidesEarlier |= value is TextNode or ListNode;
        Assignments.Add(value);
    }

    /// <summary>Assigns what <paramref name="later"/> was assigned, on top of what is here.</summary>
    public void Absorb(HoconField later)
    {
        if (later.HidesEarlier)
        {
            Assignments.Clear();
            HidesEarlier = true;
        }

        foreach (var value in later.Assignments)
            Assign(value, later.Position);
    }

    /// <summary>The object to put a deeper key into.</summary>
    public ObjectNode OpenObject(SourcePosition at)
    {
        if (Assignments is not [.., ObjectNode])
            Assign(new ObjectNode(at), at);
        return (ObjectNode)Assignments[^1];
    }
}
