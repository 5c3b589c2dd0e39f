namespace Actors.Engine.Configuration;

/// <summary>A value as it was parsed, before substitutions are resolved.</summary>
internal abstract record HoconNode(SourcePosition Position)
{
    /// <summary>What to call it in an error.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether its kind is known without a look-up, so that it hides an earlier text or list.</summary>
    public virtual bool IsSettled => true;
}

/// <summary>Text, quoted or not. <paramref name="IsGap"/> is the white space between two parts of a value.</summary>
internal sealed record TextNode(string Text, SourcePosition Position, bool IsGap = false) : HoconNode(Position)
{
    public override string Kind => "text";
}

/// <summary><c>[ ... ]</c>.</summary>
internal sealed record ListNode(List<HoconNode> Items, SourcePosition Position) : HoconNode(Position)
{
    public override string Kind => "a list";
}

/// <summary><c>${path}</c> or <c>${?path}</c>. In an included file the path is tried below the place of the include
/// (<paramref name="Prefix"/>) first.</summary>
internal sealed record ReferenceNode(
    IReadOnlyList<string> Prefix, IReadOnlyList<string> Path, bool IsOptional, SourcePosition Position)
    : HoconNode(Position)
{
    public override string Kind => "a substitution";

    public override bool IsSettled => false;

    public override string ToString() => $"${{{(IsOptional ? "?" : "")}{HoconPath.Join(Path)}}}";
}

/// <summary>The value that a field had before, and one more element: <c>key += value</c>.</summary>
internal sealed record AppendNode(HoconNode Item, SourcePosition Position) : HoconNode(Position)
{
    public override string Kind => "a list";

    public override bool IsSettled => false;
}

/// <summary>Parts written one after the other, at least one of them a substitution.</summary>
internal sealed record JoinNode(List<HoconNode> Parts, SourcePosition Position) : HoconNode(Position)
{
    public override string Kind => "a joined value";

    public override bool IsSettled => false;
}

/// <summary><c>{ ... }</c>; keys keep the order of their first assignment.</summary>
internal sealed record ObjectNode(SourcePosition Position) : HoconNode(Position)
{
    public Dictionary<string, HoconField> Fields { get; } = new(StringComparer.Ordinal);

    public override string Kind => "an object";

    /// <summary>Assigns to a path below this object; objects on the way are made where missing.</summary>
    public void Assign(IReadOnlyList<string> path, HoconNode value, SourcePosition at)
    {
        var target = this;
        foreach (var key in path.SkipLast(1))
            target = target.Field(key).OpenObject(at);
        target.Field(path[^1]).Assign(value, at);
    }

    /// <summary>Assigns whatever <paramref name="other"/> holds, on top of what is here.</summary>
    public void Absorb(ObjectNode other)
    {
        foreach (var (key, field) in other.Fields)
            Field(key).Absorb(field);
    }

    /// <summary>The field of a key; made where it is missing.</summary>
    public HoconField Field(string key)
    {
        if (!Fields.TryGetValue(key, out var field))
            Fields.Add(key, field = new HoconField());
        return field;
    }
}
