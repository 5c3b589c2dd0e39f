using Akka.Configuration.Hocon;

namespace Actors.Engine.Configuration;

/// <summary>
/// Resolves the substitutions of a parsed document and makes Akka's elements of it. A substitution is looked up in the
/// finished document, so a later assignment counts; in a value that refers to its own key it means the value before.
/// The environment is not looked at.
/// </summary>
/// <remarks>
/// A small text can ask for a great deal by substituting lists of lists, so all work is charged to a budget that grows
/// with the text, and depth is bounded here as it is in the parser.
/// </remarks>
internal sealed class HoconResolver
{
    // A text without substitutions needs at most two a character: it has at most one value for each.
    private const long BudgetPerCharacter = 4;
    private const long BudgetLeast = 1 << 16;

    private const int ChainMax = 2 * HoconParser.DepthMax;

    private readonly ObjectNode _root;
    private long _budget;
    private int _chain;

    private HoconResolver(ObjectNode root, long characters)
    {
        _root = root;
        _budget = BudgetLeast + (BudgetPerCharacter * characters);
    }

    /// <param name="root">The document.</param>
    /// <param name="characters">How many characters it was parsed from, in all its files.</param>
    public static HoconRoot Resolve(ObjectNode root, long characters)
    {
        var resolver = new HoconResolver(root, characters);
        var resolved = resolver.Evaluate(root, null, null)!;
        return new HoconRoot(resolver.Build(resolved, resolved.Position, 0));
    }

    // The value of a field: its assignments on top of one another.
    private HoconNode? ValueOf(HoconField field, SourcePosition at)
    {
        if (field.IsResolved)
            return field.Value;
        if (field.IsResolving)
            throw at.Error("a substitution that refers back to itself through others. Break the circle.");
        if (++_chain > ChainMax)
            throw at.Error($"a chain of more than {ChainMax} substitutions. Shorten it.");

        field.IsResolving = true;
        HoconNode? value = null;
        foreach (var assignment in field.Assignments)
        {
            var next = Evaluate(assignment, field, value);
            field.HidesEarlier |= next is not (null or ObjectNode);
            value = Overlay(value, next);
        }

        (field.Value, field.IsResolved, field.IsResolving) = (value, true, false);
        _chain--;
        return value;
    }

    // null means absent: only an optional substitution can be that.
    private HoconNode? Evaluate(HoconNode node, HoconField? field, HoconNode? before)
    {
        Charge(1, node.Position);
        return node switch
        {
            ReferenceNode reference => Lookup(reference, field, before),
            AppendNode append => Append(append, field, before),
            JoinNode join => Join(join, field, before),
            ListNode list => new ListNode(EvaluateAll(list.Items, field, before), list.Position),
            ObjectNode source => EvaluateFields(source),
            _ => node,
        };
    }

    private List<HoconNode> EvaluateAll(List<HoconNode> nodes, HoconField? field, HoconNode? before) =>
        [.. nodes.Select(node => Evaluate(node, field, before)).OfType<HoconNode>()];

    private ObjectNode EvaluateFields(ObjectNode source)
    {
        var result = new ObjectNode(source.Position);
        foreach (var (key, field) in source.Fields)
        {
            if (ValueOf(field, field.Position) is { } value)
                Put(result, key, value, field);
        }

        return result;
    }

    private HoconNode? Lookup(ReferenceNode reference, HoconField? field, HoconNode? before)
    {
        var found = Find([.. reference.Prefix, .. reference.Path], reference, field, before);
        if (found is null && reference.Prefix.Count > 0)
            found = Find(reference.Path, reference, field, before);
        if (found is not null || reference.IsOptional)
            return found;

        var path = HoconPath.Join(reference.Path);
        throw reference.Position.Error(
            $"{reference} has no value, because nothing before or elsewhere in this document assigns {path}. "
            + $"Assign it, or write ${{?{path}}} if it may be absent.");
    }

    private HoconNode? Find(IReadOnlyList<string> path, ReferenceNode reference, HoconField? field, HoconNode? before)
    {
        HoconNode? node = _root;
        for (var i = 0; i < path.Count; i++)
        {
            if (node is not ObjectNode parent || !parent.Fields.TryGetValue(path[i], out var child))
                return null;
            if (child == field)
                return Descend(before, path.Skip(i + 1));
            // Passing through an object needs none of its other keys, which may refer to this one.
            node = i < path.Count - 1 && child.OnlyObject is { } inner ? inner : ValueOf(child, reference.Position);
        }

        return node;
    }

    private static HoconNode? Descend(HoconNode? node, IEnumerable<string> path)
    {
        foreach (var key in path)
            node = (node as ObjectNode)?.Fields.GetValueOrDefault(key)?.Assignments[0];
        return node;
    }

    private ListNode Append(AppendNode append, HoconField? field, HoconNode? before)
    {
        if (before is not (null or ListNode))
            throw append.Position.Error($"'+=' adds to a list, but before it this key is {before.Kind}. Use '='.");
        var items = before is ListNode list ? list.Items : [];
        Charge(items.Count, append.Position);
        var item = Evaluate(append.Item, field, before);
        return new ListNode(item is null ? items : [.. items, item], append.Position);
    }

    private HoconNode? Join(JoinNode join, HoconField? field, HoconNode? before)
    {
        var parts = EvaluateAll(join.Parts, field, before);
        foreach (var part in parts)
            Charge((part as TextNode)?.Text.Length ?? (part as ListNode)?.Items.Count ?? 1, join.Position);
        if (parts.TrueForAll(part => part is TextNode { IsGap: true }))
            return null;
        return parts.Exists(part => part is ObjectNode) ? parts.Aggregate(JoinObjects) : HoconJoin.Join(parts);
    }

    private HoconNode JoinObjects(HoconNode first, HoconNode second) =>
        second is TextNode { IsGap: true } ? first
        : first is TextNode { IsGap: true } ? second
        : first is ObjectNode && second is ObjectNode ? Overlay(first, second)!
        : HoconJoin.Join([first, second]);

    // The later value, or both merged when both are objects. Never changes them: they may be in use elsewhere.
    private HoconNode? Overlay(HoconNode? before, HoconNode? after, int depth = 0)
    {
        if (before is not ObjectNode first || after is not ObjectNode second)
            return after ?? before;
        RefuseDepth(depth, second.Position);

        var result = new ObjectNode(second.Position);
        foreach (var (key, field) in first.Fields.Concat(second.Fields))
        {
            Charge(1, field.Position);
            var earlier = result.Fields.GetValueOrDefault(key);
            var value = field.HidesEarlier ? null : earlier?.Assignments[0];
            result.Fields.Remove(key);
            Put(result, key, Overlay(value, field.Assignments[0], depth + 1)!, field);
            result.Fields[key].HidesEarlier |= earlier?.HidesEarlier == true;
        }

        return result;
    }

    private static void Put(ObjectNode target, string key, HoconNode value, HoconField source)
    {
        var field = target.Field(key);
        field.Assign(value, source.Position);
        field.HidesEarlier |= source.HidesEarlier;
    }

    private HoconValue Build(HoconNode node, SourcePosition at, int depth)
    {
        Charge(1, at);
        RefuseDepth(depth, at);
        return node switch
        {
            ObjectNode source => BuildObject(source, at, depth),
            ListNode list => BuildList(list, at, depth),
            _ => Holding(new PositionedLiteral(((TextNode)node).Text, at)),
        };
    }

    private HoconValue BuildObject(ObjectNode source, SourcePosition at, int depth)
    {
        var result = new PositionedObject(at);
        foreach (var (key, field) in source.Fields)
            result.Items.Add(key, Build(field.Assignments[0], field.Position, depth + 1));
        return Holding(result);
    }

    private HoconValue BuildList(ListNode list, SourcePosition at, int depth)
    {
        var result = new PositionedArray(at);
        result.AddRange(list.Items.Select(item => Build(item, item.Position, depth + 1)));
        return Holding(result);
    }

    private static HoconValue Holding(IHoconElement element)
    {
        var value = new HoconValue();
        value.AppendValue(element);
        return value;
    }

    private static void RefuseDepth(int depth, SourcePosition at)
    {
        if (depth > HoconParser.DepthMax)
            throw at.Error($"substitutions nest keys and lists deeper than {HoconParser.DepthMax}. Flatten them.");
    }

    private void Charge(int work, SourcePosition at)
    {
        _budget -= work;
        if (_budget < 0)
            throw at.Error("the substitutions of this document make it too large. Use fewer of them.");
    }
}
