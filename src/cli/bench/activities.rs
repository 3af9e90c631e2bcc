//! What the people of the synthetic register do: names, topics and words that
//! go together, so that searches find as much as they would in a real one.

/// Something that an asset may be about.
pub(super) struct Activity {
    /// What stands in the name after the place.
    pub(super) name: &'static str,
    /// Slugs of topics.
    pub(super) topics: &'static [&'static str],
    /// Slug of the type of asset.
    pub(super) asset_type: &'static str,
    /// What the summary says of it.
    pub(super) words: &'static str,
}

const fn activity(
    name: &'static str,
    topics: &'static [&'static str],
    asset_type: &'static str,
    words: &'static str,
) -> Activity {
    Activity { name, topics, asset_type, words }
}

/// The activities, each as likely as any other.
pub(super) const ACTIVITIES: &[Activity] = &[
    activity(
        "Walking Group",
        &["walking", "social-group"],
        "group",
        "short health walks at an easy pace, with tea afterwards",
    ),
    activity(
        "Health Walks",
        &["walking", "mental-wellbeing"],
        "activity-asset",
        "led walks for people who want to get moving again",
    ),
    activity(
        "Cycling Club",
        &["cycling", "active-travel"],
        "group",
        "rides on quiet roads, and bikes to borrow",
    ),
    activity(
        "Swimming Sessions",
        &["swimming"],
        "activity-asset",
        "lane swimming and lessons for beginners",
    ),
    activity(
        "Bowling Club",
        &["sports-and-games", "social-group"],
        "group",
        "indoor and outdoor bowls for all ages",
    ),
    activity(
        "Seated Exercise Class",
        &["exercise-and-get-fit", "arthritis"],
        "activity-asset",
        "gentle movement to music from a chair",
    ),
    activity(
        "Allotments",
        &["allotments", "gardening", "community-growing"],
        "green-space",
        "plots to grow vegetables and flowers",
    ),
    activity(
        "Community Garden",
        &["community-garden", "gardening"],
        "green-space",
        "a shared garden with raised beds and a polytunnel",
    ),
    activity(
        "Men's Shed",
        &["mens-health", "arts-and-crafts", "loneliness-and-isolation"],
        "group",
        "a workshop for joinery, repair and a chat",
    ),
    activity(
        "Knit and Natter",
        &["arts-and-crafts", "social-group"],
        "group",
        "knitting, crochet and company",
    ),
    activity("Community Choir", &["singing", "music"], "group", "singing together, no auditions"),
    activity(
        "Dance Class",
        &["dancing", "exercise-and-get-fit"],
        "activity-asset",
        "Scottish country dancing and ceilidh steps",
    ),
    activity(
        "Book Group",
        &["book-club", "reading", "literature"],
        "group",
        "a book each month and a lively discussion",
    ),
    activity(
        "Library",
        &["library", "reading", "digital-access"],
        "library-venue",
        "books, computers and study space",
    ),
    activity(
        "Lunch Club",
        &["lunch-club", "loneliness-and-isolation"],
        "food-service",
        "a hot two-course meal in good company",
    ),
    activity(
        "Community Café",
        &["community-cafe", "warm-spaces"],
        "meeting-cafe",
        "soup, home baking and a warm welcome",
    ),
    activity(
        "Food Bank",
        &["foodbank", "crisis-grants"],
        "food-service",
        "emergency food parcels for three days",
    ),
    activity(
        "Food Pantry",
        &["food-pantry", "food-and-nutrition"],
        "food-service",
        "members choose groceries for a small fee",
    ),
    activity(
        "Carers Centre",
        &["carer-support", "respite"],
        "care-service",
        "advice, breaks and emotional support for unpaid carers",
    ),
    activity(
        "Young Carers",
        &["carer-support", "youth-group"],
        "service",
        "trips, time out and somebody to talk to",
    ),
    activity(
        "Dementia Café",
        &["dementia", "carer-support", "peer-support"],
        "meeting-cafe",
        "a relaxed afternoon for people with dementia and their families",
    ),
    activity(
        "Memory Singing",
        &["dementia", "singing"],
        "activity-asset",
        "songs that everybody remembers",
    ),
    activity(
        "Parent and Toddler Group",
        &["parent-and-toddler-group", "early-years"],
        "group",
        "play, stories and a blether for parents",
    ),
    activity(
        "Nursery",
        &["childcare", "early-years"],
        "service",
        "early learning for children from two to five",
    ),
    activity("Youth Club", &["youth-group", "play"], "group", "games, music and somewhere to be"),
    activity(
        "Citizens Advice",
        &["money-advice", "welfare-rights", "legal-advice"],
        "advice-point",
        "free and confidential advice on benefits, debt and housing",
    ),
    activity(
        "Debt Advice Clinic",
        &["debt-advice", "financial-support"],
        "advice-point",
        "help to deal with bills and creditors",
    ),
    activity(
        "Credit Union",
        &["credit-union", "financial-support"],
        "service",
        "saving together and fair loans",
    ),
    activity(
        "Housing Advice",
        &["housing-advice", "homelessness"],
        "advice-point",
        "help to find or keep a home",
    ),
    activity(
        "Counselling Service",
        &["counselling", "anxiety", "depression"],
        "health-service",
        "one-to-one talking therapy with trained counsellors",
    ),
    activity(
        "Recovery Café",
        &["addiction", "peer-support"],
        "meeting-cafe",
        "a safe space for people in recovery and their families",
    ),
    activity(
        "Mental Health Drop-in",
        &["mental-health", "mental-wellbeing"],
        "health-service",
        "no appointment, no questions, just come along",
    ),
    activity(
        "Mindfulness Course",
        &["relaxation-and-mindfulness", "mental-wellbeing"],
        "activity-asset",
        "eight weeks of guided practice",
    ),
    activity(
        "Bereavement Support",
        &["bereavement", "grief-support"],
        "service",
        "company and counselling after a death",
    ),
    activity(
        "Stroke Group",
        &["stroke", "peer-support", "self-management"],
        "group",
        "exercise and conversation after a stroke",
    ),
    activity(
        "Diabetes Peer Group",
        &["diabetes", "self-management", "healthy-eating"],
        "group",
        "living well with diabetes, recipes included",
    ),
    activity(
        "Chronic Pain Group",
        &["chronic-pain", "self-management"],
        "group",
        "ways to manage pain that are not tablets",
    ),
    activity(
        "Cancer Support",
        &["cancer", "support-network"],
        "service",
        "practical and emotional support at every stage",
    ),
    activity(
        "Befriending",
        &["befriending", "loneliness-and-isolation"],
        "service",
        "volunteers who visit or ring once a week",
    ),
    activity(
        "Community Transport",
        &["community-transport", "dial-a-bus"],
        "transport-service",
        "door-to-door minibus for shopping and appointments",
    ),
    activity(
        "Shopmobility",
        &["shop-mobility", "mobility-aids"],
        "transport-service",
        "scooters and wheelchairs to hire",
    ),
    activity(
        "Digital Drop-in",
        &["digital-inclusion", "computer-class"],
        "activity-asset",
        "help with phones, tablets and getting online",
    ),
    activity(
        "Adult Learning",
        &["adult-literacy-and-numeracy", "skills-and-training"],
        "service",
        "reading, writing and numbers at your own pace",
    ),
    activity(
        "Employability Hub",
        &["employability", "work-preparation"],
        "service",
        "CVs, interviews and volunteering",
    ),
    activity(
        "Repair Shed",
        &["eco-friendly-practices-and-recycling", "volunteering"],
        "activity-asset",
        "bring what is broken and mend it together",
    ),
    activity(
        "Community Hall",
        &["community-hall", "community-centre"],
        "community-building",
        "rooms for hire, classes and events",
    ),
    activity(
        "Park",
        &["public-parks-and-gardens", "green-spaces"],
        "green-space",
        "paths, benches, trees and a play area",
    ),
    activity(
        "Deaf Club",
        &["deaf-and-hard-of-hearing", "bsl-user"],
        "group",
        "a social evening in British Sign Language",
    ),
    activity(
        "Talking Newspaper",
        &["blind-visual-impairment", "volunteering"],
        "service",
        "the local news read aloud and sent by post",
    ),
    activity(
        "Advocacy Project",
        &["independent-advocacy", "rights-and-representation"],
        "service",
        "somebody at your side when decisions are made",
    ),
];

/// Slugs of audiences.
pub(super) const AUDIENCES: &[&str] = &[
    "older-adults",
    "unpaid-carers",
    "parents-and-families",
    "children-and-young-people",
    "disabled-people",
    "men",
    "women",
    "volunteers",
    "people-experiencing-unemployment",
    "refugees-and-asylum-seekers",
];

/// Slugs of features of a place.
pub(super) const FEATURES: &[&str] = &[
    "accessible-entrance",
    "accessible-toilet",
    "accessible-car-park",
    "hearing-loop",
    "free-wifi",
    "lift-access",
];

/// Slugs of sectors.
pub(super) const SECTORS: &[&str] =
    &["third-sector", "third-sector", "community", "public-sector", "private-sector"];

/// What an organisation is called after its place.
pub(super) const ORGANISATIONS: &[&str] = &[
    "Community Trust",
    "Development Trust",
    "Voluntary Action",
    "Care and Share",
    "Health Partnership",
    "Neighbourhood Association",
    "Community Council",
    "Leisure",
    "Wellbeing Hub",
    "Support Network",
];

/// Streets.
pub(super) const STREETS: &[&str] = &[
    "High Street",
    "Main Street",
    "Station Road",
    "Church Street",
    "Mill Road",
    "Castle Street",
    "Shore Street",
    "Victoria Road",
    "Bridge Street",
    "Kirk Wynd",
    "Burnside",
    "Links Place",
];

/// What a description goes on with.
pub(super) const SENTENCES: &[&str] = &[
    "Everybody is welcome, and no booking is needed.",
    "Run by local volunteers since 2009, with a paid coordinator two days a week.",
    "Please ring before your first visit so that we know to expect you.",
    "There is parking behind the building, and the bus stops outside.",
    "Carers and assistance dogs are welcome too.",
    "We meet all year round, but not in the school holidays.",
    "Supported by the National Lottery Community Fund and the local council.",
    "New members are always looked for, whatever their experience.",
];
