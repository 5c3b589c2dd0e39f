namespace Actors.Engine.Configuration;

/// <summary>Makes one value of parts that were written one after the other: texts are strung together with the space
/// between them, lists are strung together, objects merge.</summary>
internal static class HoconJoin
{
    /// <param name="parts">At least one, none of them a substitution.</param>
    public static HoconNode Join(IReadOnlyList<HoconNode> parts)
    {
        if (parts.Count == 1)
            return parts[0];
        var values = parts.Where(part => part is not TextNode { IsGap: true }).ToList();
        if (values.Count == 0)
            return parts[0];
        if (values.Find(value => value.Kind != values[0].Kind) is { } odd)
        {
            throw odd.Position.Error(
                $"{odd.Kind} cannot be joined to {values[0].Kind}. Put a comma or a line break between them.");
        }

        return values[0] switch
        {
            TextNode first => new TextNode(JoinTexts(parts), first.Position),
            ListNode first => new ListNode([.. values.Cast<ListNode>().SelectMany(list => list.Items)], first.Position),
            _ => values.Cast<ObjectNode>().Aggregate(Merge),
        };
    }

    private static string JoinTexts(IReadOnlyList<HoconNode> parts) =>
        string.Concat(parts.Cast<TextNode>().Select(part => part.Text));

    private static ObjectNode Merge(ObjectNode first, ObjectNode second)
    {
        first.Absorb(second);
        return first;
    }
}
